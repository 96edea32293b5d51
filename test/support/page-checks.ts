import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type * as Axe from 'axe-core'
import type { Page } from 'playwright-core'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

declare const violations: readonly string[]

/** Collects, from the first moment of every document of the page, what its Content-Security-Policy refuses. */
export async function watchPolicy(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const list: string[] = []
    Object.assign(globalThis, { violations: list })
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) =>
      list.push(`${violatedDirective} ${blockedURI} ${sample}`),
    )
  })
}

/** What the policy refused so far in the document that is shown. */
export const policyViolations = (page: Page): Promise<readonly string[]> => page.evaluate(() => violations)

/** What axe-core finds wrong with the page as it is shown now: the rule, and where. Every rule is asked. */
export async function accessibilityViolations(page: Page): Promise<string[]> {
  // Evaluated through the debugger, which no policy of the page stops.
  await page.evaluate(axe)
  return page.evaluate(async () => {
    const { axe: tool } = globalThis as unknown as { axe: typeof Axe }
    const { violations: found } = await tool.run(document, { resultTypes: ['violations'], preload: false })
    return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`)
  })
}
