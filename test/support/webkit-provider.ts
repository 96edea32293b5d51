import { defineBrowserProvider } from '@vitest/browser'
import type { BrowserProviderOption } from 'vitest/node'
import type { Engine, Tab } from './tab.ts'
import { openWebKit } from './webkit.ts'

/** Lets vitest run test files in WebKitGTK. */
export const webkit = (): BrowserProviderOption =>
  defineBrowserProvider({
    name: 'webkitgtk',
    providerFactory() {
      let opening: Promise<Engine> | undefined
      let tab: Tab | undefined
      return {
        name: 'webkitgtk',
        supportsParallelism: false,
        getCommandsContext: () => ({}),
        async openPage(_session, url) {
          const engine = await (opening ??= openWebKit())
          await tab?.close()
          tab = await engine.open(url)
        },
        async close() {
          await (await opening)?.close()
        },
      }
    },
  })
