import { svelte } from '@sveltejs/vite-plugin-svelte'

// The pictures lie with those of the script-tag shop, so there is no folder to copy.
export default { publicDir: false, plugins: [svelte()] }
