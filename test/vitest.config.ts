import { fileURLToPath } from 'node:url'
import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'
import { launchChromium } from './support/find-browsers.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))

const shared = ['test/browser/**/*.test.ts']

export default defineConfig({
  root,
  test: {
    reporters: ['default', './test/support/ci-line.ts'],
    // A missing snapshot file fails instead of being written, here as in CI.
    update: 'none',
    coverage: { include: ['src/**'] },
    projects: [
      { root, test: { name: 'unit', include: ['test/unit/**/*.test.ts'] } },
      { root, test: { name: 'browser-node', include: shared, setupFiles: ['fake-indexeddb/auto'] } },
      {
        root,
        // Found during the run instead, each of them reloads the page under the tests.
        optimizeDeps: { include: ['nanostores', 'idb-keyval', 'valibot', 'fast-check'] },
        test: {
          name: 'browser-chromium',
          include: shared,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            instances: [{ browser: 'chromium' }],
            provider: playwright({ launchOptions: launchChromium() }),
          },
        },
      },
      {
        root,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // They start browsers and servers of their own and measure time: alone, one file after the other.
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
      {
        root,
        test: { name: 'package', include: ['test/package/**/*.test.ts'], testTimeout: 30_000, hookTimeout: 30_000 },
      },
    ],
  },
})
