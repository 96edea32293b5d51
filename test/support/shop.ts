import { spawn, type ChildProcess } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium, type Browser } from 'playwright-core'
import { afterAll, beforeAll, inject } from 'vitest'
import { launchChromium } from './find-programs.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** The shop as `npm start` runs it. */
export interface Shop {
  readonly url: string
  /** Stops the sync server, as a person would: by its process id. */
  stopServer(): Promise<void>
  /** Starts it again, by typing `s`. */
  startServer(): Promise<void>
  /** Stops the fake Talon.One, or starts it, by typing `t`. */
  toggleTalonOne(isToRun: boolean): Promise<void>
  /** Ends everything. */
  end(): Promise<void>
}

/** Resolves when the output has a line that matches, counted from `from`. */
async function lineOf(output: () => string, pattern: RegExp, from = 0): Promise<RegExpExecArray> {
  const deadline = Date.now() + 150_000
  for (;;) {
    const found = pattern.exec(output().slice(from))
    if (found) return found
    if (Date.now() > deadline) throw new Error(`No line ${String(pattern)} in:\n${output()}`)
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}

/** Which example is opened, and for whom its framework is built. */
export interface ShopOptions {
  /** What follows `npm start`. @defaultValue the script-tag shop */
  readonly app?: string
  /** The frameworks tell of more mistakes in their development builds. @defaultValue production, as for a person */
  readonly mode?: 'development' | 'production'
  /** The page's port. @defaultValue the usual one, or a free one */
  readonly port?: string
}

/** Runs an example with its sessions in a folder. */
export async function openShop(data: string, { app, mode, port }: ShopOptions = {}): Promise<Shop> {
  const child: ChildProcess = spawn(process.execPath, ['examples/start.mjs', ...(app ? [app] : [])], {
    cwd: root,
    env: {
      ...process.env,
      DATA: data,
      DATABASE_URL: '',
      // Any port: the usual one may be taken by another shop while this one's database is being made.
      SYNC_PORT: '0',
      // It is `test` here, which a person's shell does not have; empty, the builds are those for production.
      NODE_ENV: mode === 'development' ? mode : '',
      ...(port && { PORT: port }),
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout!, child.stderr!]) stream.on('data', text => (output += String(text)))
  const read = (): string => output
  const started = Promise.all([lineOf(read, /^shop: (\S+)$/m), lineOf(read, /^sync server: (\S+) \(pid (\d+)\)$/m)])
  // One that does not come up is not left behind.
  started.catch(() => child.kill('SIGTERM'))
  const [[, url]] = await started
  return {
    url: url!,
    async stopServer() {
      const pid = [...output.matchAll(/^sync server: \S+ \(pid (\d+)\)$/gm)].at(-1)![1]
      const from = output.length
      process.kill(Number(pid))
      await lineOf(read, /^sync server stopped/m, from)
    },
    async startServer() {
      const from = output.length
      child.stdin!.write('s\n')
      await lineOf(read, /^sync server: \S+ \(pid \d+\)$/m, from)
    },
    async toggleTalonOne(isToRun) {
      const from = output.length
      child.stdin!.write('t\n')
      await lineOf(
        read,
        isToRun ? /^Talon\.One \(a fake\): \S+ \(pid \d+\)$/m : /^Talon\.One \(a fake\) stopped/m,
        from,
      )
    },
    async end() {
      if (child.exitCode !== null) return
      const exited = new Promise(resolve => child.once('exit', resolve))
      child.kill('SIGTERM')
      await exited
    },
  }
}

/** Chromium, as it was found or installed. */
function openBrowser(): Promise<Browser> {
  return chromium.launch(launchChromium())
}

/** A new folder for the sessions of shops. */
export function makeSessionsFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'session-cart-shop-'))
  cpSync(inject('newDatabase'), folder, { recursive: true })
  return folder
}

/**
 * A shop and a browser for the tests of one file or group, opened before them and ended after them.
 *
 * @param options `sessions`: a folder that several shops use after one another; who made it removes it.
 */
export function useShop({ sessions, ...options }: ShopOptions & { readonly sessions?: string } = {}): {
  readonly data: string
  shop(): Shop
  browser(): Browser
} {
  const data = sessions ?? makeSessionsFolder()
  let shop: Shop
  let browser: Browser
  beforeAll(async () => {
    ;[shop, browser] = await Promise.all([openShop(data, options), openBrowser()])
  })
  afterAll(async () => {
    await browser?.close()
    await shop?.end()
    if (!sessions) rmSync(data, { recursive: true, force: true })
  })
  return { data, shop: () => shop, browser: () => browser }
}

/** The selector of a hook of the shop's pages. */
export const by = (name: string): string => `[data-test=${name}]`
