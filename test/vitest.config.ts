import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { playwright } from '@vitest/browser-playwright'
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'
import type { BrowserProviderOption } from 'vitest/node'
import { isWhole } from './support/examples.ts'
import { launchChromium, launchFirefox, type EngineName } from './support/find-programs.mjs'
import { webkit } from './support/webkit-provider.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

// For what hangs: how fast a machine is, is no matter of these tests.
const TIMEOUT = 60_000

const shared = ['test/browser/**/*.test.ts']

// Vitest would leave one processor alone, which is half of a small machine.
const maxWorkers = Math.max(2, availableParallelism() - 1)

// What comes after what. One page at a time leaves a processor idle, and three at once would take each other's time.
const ORDER = { chromium: 1, firefox: 2, webkit: 2, examples: 3, e2e: 4 }

// A busy machine is no reason to fail: what is waited for has to come, not to come at once.
const PATIENT = { poll: { timeout: 15_000 } }

// Nothing in them is the engine's: Node and one browser are enough.
const PLAIN = ['analytics', 'announcer', 'command', 'expiry', 'link', 'schema', 'undo'].map(
  name => `test/browser/${name}.test.ts`,
)

const inBrowser = (browser: EngineName, provider: BrowserProviderOption): TestProjectInlineConfiguration => ({
  root,
  // Found during the run instead, each of them reloads the page under the tests.
  optimizeDeps: { include: ['nanostores', 'idb-keyval', 'valibot', 'fast-check'] },
  test: {
    name: `browser-${browser}`,
    // Firefox alone needs it.
    setupFiles: ['test/support/request-body.ts'],
    include: [...shared, 'test/dom/**/*.test.ts'],
    exclude: browser === 'chromium' ? [] : PLAIN,
    testTimeout: TIMEOUT,
    expect: PATIENT,
    sequence: { groupOrder: ORDER[browser] },
    browser: { enabled: true, headless: true, screenshotFailures: false, instances: [{ browser }], provider },
  },
})

/** The projects that need no browser. */
export const inNode: TestProjectInlineConfiguration[] = [
  { root, test: { name: 'unit', include: ['test/unit/**/*.test.ts'], testTimeout: TIMEOUT, maxWorkers } },
  {
    root,
    test: {
      name: 'simulation',
      include: ['test/simulation/**/*.test.ts'],
      // It takes a minute or two, and is for who changes how Talon.One is called, and for a release.
      exclude: process.env.MUTANTS === 'all' ? [] : ['test/simulation/upstream-mutants.test.ts'],
      testTimeout: TIMEOUT,
      maxWorkers,
    },
  },
  {
    root,
    test: {
      name: 'browser-node',
      include: shared,
      setupFiles: ['fake-indexeddb/auto'],
      testTimeout: TIMEOUT,
      expect: PATIENT,
      maxWorkers,
    },
  },
]

/** The code of pages in the one engine that tells what of it was run. */
export const inChromium = inBrowser('chromium', playwright({ launchOptions: launchChromium() }))

export default defineConfig({
  root,
  test: {
    reporters: ['default', './test/support/ci-line.ts'],
    // A missing snapshot file fails instead of being written, here as in CI.
    update: 'none',
    coverage: { include: ['src/**'] },
    projects: [
      ...inNode,
      inChromium,
      inBrowser('firefox', playwright({ launchOptions: launchFirefox() })),
      inBrowser('webkit', webkit()),
      {
        root,
        test: {
          name: 'examples',
          include: ['test/examples/**/*.test.ts'],
          // They all take minutes; EXAMPLES=all is the whole of it.
          exclude: isWhole ? [] : ['form-post', 'accessibility'].map(name => `test/examples/${name}.test.ts`),
          globalSetup: ['test/support/new-database.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          expect: PATIENT,
          maxWorkers,
          sequence: { groupOrder: ORDER.examples },
        },
      },
      {
        root,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          // They start browsers and servers of their own and measure time: alone, one file after the other.
          maxWorkers: 1,
          sequence: { groupOrder: ORDER.e2e },
        },
      },
      {
        root,
        test: {
          name: 'package',
          include: ['test/package/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxWorkers,
        },
      },
    ],
  },
})
