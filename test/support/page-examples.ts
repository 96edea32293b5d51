import { build } from 'esbuild'
import type { Page } from 'playwright'
import { createSessionHandler, memoryStore } from '../../src/server/index.ts'
import { root, type Fence } from './documents.ts'
import { toScript } from './example-code.ts'
import { entriesOfPackage } from './example-world.ts'
import { servePages } from './pages.ts'

/** Whether a script is for a page: it says so, or names something that only a browser has. */
export function isForPage({ meta, code }: Fence): boolean {
  if (meta === 'page') return true
  const plain = code.replace(/\/\/.*$/gm, '').replace(/'[^'\n]*'|"[^"\n]*"/g, "''")
  return /(^|[^.\w])(document|window|navigator|location|customElements|HTMLElement|caches|self)\b/.test(plain)
}

const isForServiceWorker = (code: string): boolean => /^self\.addEventListener\(/m.test(code)

// The names an example may use without saying where they come from, as in Node.
const SURROUNDINGS = `
import * as everything from 'session-cart'
import { bindCart } from 'session-cart/dom'
import { createSessionHandler, memoryStore } from 'session-cart/server'
const handler = createSessionHandler({ store: memoryStore() })
const fetch = (url, init) => handler(new Request(new URL(url, location.href), init))
const createSessionCart = options => everything.createSessionCart({ fetch, ...options })
const { lineKey, isSessionCartError } = everything
const cart = createSessionCart({ currency: 'EUR', storage: 'memory' })
const show = () => {}, tell = () => {}, pay = () => {}
const when = (store, holds) => new Promise(resolve => store.subscribe(value => holds(value) && resolve(value)))
const same = (value, literal) => { if (value !== literal) throw new Error(value + ' is not ' + literal) }
await cart.ready
cart.addItem({ sku: 'MUG-01', name: 'Mug', price: 12.5 })
`

// The example is a scope of its own: what it declares takes the place of the surroundings.
function moduleOf(code: string): string {
  const { code: script, imports } = toScript(code)
  const importing = imports.map(({ from }) => `${JSON.stringify(from)}: () => import(${JSON.stringify(from)})`)
  return `${SURROUNDINGS}
const modules = { ${importing.join(', ')} }
async function load(from) {
  const module = await modules[from]()
  return from === 'session-cart' ? { ...module, createSessionCart } : module
}
async function run() {
  const exported = {}
  for (const { from, names } of ${JSON.stringify(imports)}) {
    for (const name of names) if (!(name in (await load(from)))) throw new Error(from + ' exports no ' + name)
  }
  return ${script}
}
globalThis.done = run().then(() => 'ran', String)`
}

async function bundle(contents: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: root, loader: 'js' },
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    define: { 'process.env.NODE_ENV': '"production"' },
    alias: Object.fromEntries([...entriesOfPackage()].reverse()),
    logLevel: 'silent',
  })
  return outputFiles[0]!.text
}

const pageWith = (body: string): string =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>A page</title><body>${body}`

async function visit<Result>(
  page: Page,
  files: Record<string, string>,
  look: string | (() => Promise<Result>),
): Promise<Result> {
  const errors: string[] = []
  page.on('pageerror', ({ message }) => errors.push(message))
  const pages = await servePages({ files, handler: createSessionHandler({ store: memoryStore() }) })
  try {
    await page.goto(pages.url)
    const result = await page.evaluate<Result>(look)
    // An error of the page has a stack of addresses, which a test runner would look for on the disk.
    if (errors[0] !== undefined) throw new Error(`the page has failed: ${errors[0]}`)
    return result
  } finally {
    await pages.close()
  }
}

/**
 * Runs a script in a page, or as a service worker when it is one.
 *
 * @param html What stands in the page.
 * @returns `ran`, or the error.
 */
export async function runInPage(page: Page, html: string, code: string): Promise<string> {
  if (isForServiceWorker(code)) {
    return visit(page, { '/': pageWith(html), '/worker.js': await bundle(code) }, async () => {
      const { installing } = await navigator.serviceWorker.register('/worker.js')
      return new Promise<string>(resolve =>
        installing?.addEventListener('statechange', () => {
          if (installing.state === 'activated') resolve('ran')
          if (installing.state === 'redundant') resolve('the worker could not be installed')
        }),
      )
    })
  }
  const module = await bundle(moduleOf(code))
  return visit(page, { '/': pageWith(html), '/example.js': module }, 'import("/example.js").then(() => done)')
}

const SCRIPT_TAG = '<script src="/session-cart.iife.js" data-session-cart data-currency="EUR"></script>'

/** Shows markup in a page that has a cart, its own or one of the script tag. Says how many units the cart then has. */
export async function showInPage(page: Page, html: string): Promise<number> {
  const body = html.includes('data-session-cart') ? html : `${SCRIPT_TAG}${html}`
  return visit(page, { '/': pageWith(body) }, async () => {
    const { cart } = (globalThis as any).SessionCart
    await cart.ready
    return cart.$quantity.get()
  })
}
