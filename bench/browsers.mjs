import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, firefox } from 'playwright-core'
import { findProgram, launchChromium, launchFirefox } from '../test/support/find-programs.mjs'

/** The browsers to measure in. */
export const BROWSERS = [
  { name: 'Chromium', isThere: () => !!findProgram('chromium'), type: chromium, options: launchChromium },
  { name: 'Firefox', isThere: () => !!findProgram('firefox'), type: firefox, options: launchFirefox },
]

/** Runs a job in a browser with a profile on the disk, as a shopper has one; it goes with the browser. */
export async function inBrowser({ type, options }, job) {
  const folder = mkdtempSync(join(tmpdir(), 'session-cart-bench-'))
  const context = await type.launchPersistentContext(folder, options())
  try {
    await job(context)
  } finally {
    await context.close()
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
  }
}
