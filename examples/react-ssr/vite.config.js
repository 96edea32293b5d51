// `vite build` makes what the browser loads, `vite build --ssr render.tsx` what the server calls.
export default ({ isSsrBuild }) => ({
  publicDir: false,
  build: { outDir: isSsrBuild ? 'dist/server' : 'dist/client' },
})
