import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { chromium, firefox } from 'playwright-core'
import { CHROMIUM_ARGS, findChromium } from '../test/support/find-chromium.mjs'

function findFirefox() {
  if (process.env.FIREFOX_PATH) return process.env.FIREFOX_PATH
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean)
  return ['firefox-esr', 'firefox'].flatMap(name => folders.map(folder => join(folder, name))).find(existsSync)
}

/** The browsers to measure in: how each is found, and started with a profile. */
export const BROWSERS = {
  Chromium: {
    find: findChromium,
    launch: (folder, executablePath) =>
      chromium.launchPersistentContext(folder, { executablePath, args: CHROMIUM_ARGS }),
  },
  Firefox: {
    find: findFirefox,
    // By this channel playwright speaks to a Firefox that it has not patched.
    launch: (folder, executablePath) =>
      firefox.launchPersistentContext(folder, { executablePath, channel: 'moz-firefox' }),
  },
}

/** Runs a job in a browser with a profile on the disk, as a shopper has one; it goes with the browser. */
export async function inBrowser({ launch }, path, job) {
  const folder = mkdtempSync(join(tmpdir(), 'session-cart-bench-'))
  const context = await launch(folder, path)
  try {
    await job(context)
  } finally {
    await context.close()
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
  }
}
