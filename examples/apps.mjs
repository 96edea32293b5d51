/**
 * The examples that vite builds, each started by `npm start <name>`.
 *
 *   policy  the one Trusted Types policy that the page may make: these frameworks set the compiled templates of the
 *           components by `innerHTML`, through a policy of this name, and nothing else goes through it
 *   ssr     the module whose `render()` gives the page's HTML on the server; such an example is built twice, into
 *           `dist/client` and `dist/server`
 */
export const apps = {
  react: {},
  'react-ssr': { ssr: 'render.tsx' },
  solid: { policy: 'solid' },
  svelte: { policy: 'svelte-trusted-html' },
  vanilla: {},
  vue: { policy: 'vue' },
}
