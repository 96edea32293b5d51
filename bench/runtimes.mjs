// Where a module can be measured: in Node, and in each browser that is there.
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { BROWSERS, inBrowser } from './browsers.mjs'
import { bundle } from './bundle.mjs'
import { servePage } from './isolated-page.mjs'

const run = promisify(execFile)
/** The file of a module of `pages/`. */
export const pathOf = name => fileURLToPath(new URL(`pages/${name}.mjs`, import.meta.url))

/** Has a process of its own call what a module of `pages/` exports, with plain data there and back. */
async function callInNode(name, calls) {
  const folder = mkdtempSync(join(tmpdir(), 'session-cart-bench-'))
  const file = join(folder, 'bench.mjs')
  // What was CommonJS asks for Node's own modules.
  const banner = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);"
  const caller = `
    import * as bench from './bench.mjs'
    const results = []
    for (const [name, ...args] of JSON.parse(process.argv[2])) results.push(await bench[name](...args))
    process.stdout.write(JSON.stringify(results), () => process.exit())`
  try {
    writeFileSync(file, await bundle(pathOf(name), { format: 'esm', platform: 'node', banner: { js: banner } }))
    writeFileSync(join(folder, 'call.mjs'), caller)
    const { stdout } = await run(process.execPath, [join(folder, 'call.mjs'), JSON.stringify(calls)], {
      maxBuffer: 2 ** 28,
      env: { ...process.env, NODE_ENV: 'production' },
    })
    return JSON.parse(stdout)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function callInBrowser(browser, name, calls) {
  const site = await servePage(pathOf(name))
  const results = []
  try {
    await inBrowser(browser, async context => {
      const page = await context.newPage()
      page.on('pageerror', error => console.error(`${name} in ${browser.name}: ${error.stack}`))
      await page.goto(site.url)
      for (const [task, ...args] of calls) {
        results.push(await page.evaluate(([task, args]) => bench[task](...args), [task, args]))
      }
    })
  } finally {
    site.close()
  }
  return results
}

/**
 * Every place where modules of `pages/` run.
 *
 * `call(name, calls)` calls exports of a module one after the other: each call is a name and arguments.
 */
export const RUNTIMES = [
  { name: 'Node', call: callInNode },
  ...BROWSERS.filter(({ isThere }) => isThere()).map(browser => ({
    name: browser.name,
    call: (name, calls) => callInBrowser(browser, name, calls),
  })),
]
