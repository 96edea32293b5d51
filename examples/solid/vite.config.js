import { fileURLToPath } from 'node:url'
import solid from 'vite-plugin-solid'

// Compiled components take their runtime from trusted-web.ts, which is Solid's but for Trusted Types.
const moduleName = fileURLToPath(new URL('trusted-web.ts', import.meta.url))

// The pictures lie with those of the script-tag shop, so there is no folder to copy.
export default { publicDir: false, plugins: [solid({ solid: { moduleName } })] }
