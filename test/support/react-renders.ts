import type { Page } from 'playwright-core'

/** The parts of React's tree that are looked at. */
interface Fiber {
  readonly flags: number
  readonly child: Fiber | null
  readonly sibling: Fiber | null
  readonly alternate: Fiber | null
  readonly stateNode: unknown
}

declare const rendered: string[]

/**
 * Notes which rows React renders, also those that come out as they were and leave no trace in the document. It asks what
 * React's developer tools ask: after each commit a function that ran has the flag `PerformedWork`, which is 1, and a part
 * of the tree that was left alone has the same child as before.
 */
export async function countRenders(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const list: string[] = []
    function walk(fiber: Fiber): void {
      const element = fiber.child?.stateNode
      const line = element instanceof HTMLElement ? element.dataset.line : undefined
      if (line !== undefined && (fiber.flags & 1) === 1) list.push(line)
      if (fiber.child === fiber.alternate?.child) return
      for (let child = fiber.child; child; child = child.sibling) walk(child)
    }
    Object.assign(globalThis, {
      rendered: list,
      __REACT_DEVTOOLS_GLOBAL_HOOK__: {
        supportsFiber: true,
        inject: () => 1,
        checkDCE: () => {},
        onCommitFiberUnmount: () => {},
        onPostCommitFiberRoot: () => {},
        onCommitFiberRoot: (_renderer: number, root: { readonly current: Fiber }) => walk(root.current),
      },
    })
  })
}

/** The lines whose rows were rendered since the last call, each once. */
export const takeRendered = async (page: Page): Promise<string[]> => [
  ...new Set(await page.evaluate(() => rendered.splice(0))),
]
