import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, firefox, type BrowserContext, type Page } from 'playwright-core'
import { launchChromium, launchFirefox, missingPrograms, type EngineName, type PartName } from './find-programs.mjs'
import { childOf, expressionOf, type Engine, type Tab, type Task } from './tab.ts'
import { openWebKit } from './webkit.ts'

export type { Engine, EngineName, Tab }

/** A tab with what only playwright can do. */
export interface PageTab extends Tab {
  readonly page: Page
}

/** Chromium or Firefox, with what only playwright can do. */
export interface PageEngine extends Engine<PageTab> {
  readonly context: BrowserContext
}

/** What a browser is started with. */
export interface EngineOptions {
  /** The folder of the profile, which outlives the browser; otherwise it is a new one that goes with it. */
  readonly profile?: string
  readonly firefoxUserPrefs?: Record<string, string | number | boolean>
  /** Chromium alone. @defaultValue true */
  readonly javaScriptEnabled?: boolean
}

// Playwright turns off what every shopper's browser has.
const NO_BACK_FORWARD_CACHE = '--disable-back-forward-cache'

async function openWithPlaywright(name: 'chromium' | 'firefox', options: EngineOptions): Promise<PageEngine> {
  const folder = options.profile ?? mkdtempSync(join(tmpdir(), `session-cart-${name}-`))
  const context = await (name === 'chromium'
    ? chromium.launchPersistentContext(folder, {
        ...launchChromium(),
        ignoreDefaultArgs: [NO_BACK_FORWARD_CACHE],
        javaScriptEnabled: options.javaScriptEnabled ?? true,
      })
    : firefox.launchPersistentContext(folder, {
        ...launchFirefox(),
        ...(options.firefoxUserPrefs && { firefoxUserPrefs: options.firefoxUserPrefs }),
      }))
  return {
    context,
    version: context.browser()!.version(),
    get pid() {
      return childOf(process.pid, folder)
    },
    async open(url) {
      const page = await context.newPage()
      await page.goto(url)
      return {
        page,
        async goto(target) {
          await page.goto(target)
        },
        async evaluate(task: Task, argument?: unknown) {
          const json = await page.evaluate<string | undefined>(expressionOf(task, argument))
          return json === undefined ? undefined : JSON.parse(json)
        },
        close: () => page.close(),
      }
    },
    async close() {
      await context.close()
      if (!options.profile) rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
    },
  }
}

/** Whether the part is not on this machine; `npm test` says so, and its tests are skipped. */
export const isMissing = (name: PartName): boolean => missingPrograms(name).length > 0

/** Starts a browser: Chromium and Firefox through playwright, WebKitGTK through its own driver. */
export function openEngine(name: 'chromium' | 'firefox', options?: EngineOptions): Promise<PageEngine>
export function openEngine(name: EngineName, options?: EngineOptions): Promise<Engine>
export function openEngine(name: EngineName, options: EngineOptions = {}): Promise<Engine> {
  return name === 'webkit' ? openWebKit() : openWithPlaywright(name, options)
}
