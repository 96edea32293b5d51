/**
 * The examples, each started by `npm start <name>`; without a name it is the first.
 *
 *   build   where vite puts the page, for those that are built; the others are served as they stand
 *   ssr     the module whose `render()` gives the page's HTML on the server; such an example is built twice, into
 *           `dist/client` and `dist/server`
 *   policy  the one Trusted Types policy that the page may make. Frameworks set the compiled templates of the components by
 *           `innerHTML`, and the address of a service worker counts as code: nothing else goes through the policy
 */
export const examples = {
  'script-tag': {},
  offline: { policy: 'service-worker' },
  react: { build: 'dist' },
  'react-ssr': { build: 'dist/client', ssr: 'render.tsx' },
  solid: { build: 'dist', policy: 'solid' },
  svelte: { build: 'dist', policy: 'svelte-trusted-html' },
  vanilla: { build: 'dist' },
  vue: { build: 'dist', policy: 'vue' },
}
