import { childOf, expressionOf, type Engine, type Tab, type Task } from './tab.ts'
import { miniBrowser, startWebKitDriver } from './webkit-driver.ts'

/** How long an evaluation that is not done keeps the others waiting, in milliseconds. */
const TURN = 20

/** Where a page keeps what it was asked and has not answered. */
const JOBS = 'window.__evaluations'

interface Step {
  readonly json?: string
  readonly error?: string
}

/** The script of one turn: it goes on with a job, and tells within the turn how it ended or that it did not. */
function turnOf(id: number, expression?: string): string {
  const job = expression ? `(${JOBS} ??= {})[${id}] = ${expression}` : `${JOBS}?.[${id}]`
  return `const done = arguments[0]
    const job = ${job}
    if (!job) return done({ error: 'The page was left before it answered' })
    const ended = job.then(json => ({ json }), error => ({ error: String(error?.stack ? error + '\\n' + error.stack : error) }))
    Promise.race([ended, new Promise(resolve => setTimeout(resolve, ${TURN}))]).then(done)`
}

/**
 * WebKitGTK over W3C WebDriver. A session has one current window, and the driver takes requests that overlap in any order:
 * every command waits for its turn, and an evaluation that takes longer gives up its own in between.
 */
export async function openWebKit(): Promise<Engine> {
  const driver = await startWebKitDriver()
  async function call(method: string, path: string, body?: object): Promise<any> {
    const response = await fetch(`http://127.0.0.1:${driver.port}${path}`, {
      method,
      ...(body && { body: JSON.stringify(body) }),
    })
    const { value } = (await response.json()) as { value: any }
    if (!response.ok) throw new Error(`${value.error}: ${value.message}`)
    return value
  }

  const { sessionId, capabilities } = await call('POST', '/session', { capabilities: { alwaysMatch: miniBrowser() } })
  const session = `/session/${sessionId}`
  let last: Promise<unknown> = Promise.resolve()
  function inTurn<Result>(command: () => Promise<Result>): Promise<Result> {
    const turn = last.then(command)
    last = turn.catch(() => {})
    return turn
  }
  const inWindow = <Result>(handle: string, command: () => Promise<Result>): Promise<Result> =>
    inTurn(async () => {
      await call('POST', `${session}/window`, { handle })
      return command()
    })
  // The first window stays empty: the browser ends with its last one.
  const home: string = await call('GET', `${session}/window`)
  let evaluations = 0

  function createTab(handle: string): Tab {
    const go = (script: string): Promise<Step | null> =>
      inWindow(handle, () => call('POST', `${session}/execute/async`, { script, args: [] }))
    return {
      goto: url => inWindow(handle, () => call('POST', `${session}/url`, { url })),
      async evaluate(task: Task, argument?: unknown) {
        const id = evaluations++
        let step = await go(turnOf(id, expressionOf(task, argument)))
        while (!step) step = await go(turnOf(id))
        if (step.error !== undefined) throw new Error(step.error)
        return step.json == null ? undefined : JSON.parse(step.json)
      },
      close: () => inWindow(handle, () => call('DELETE', `${session}/window`)),
    }
  }

  return {
    version: capabilities.browserVersion,
    get pid() {
      return childOf(driver.pid, 'MiniBrowser')
    },
    async open(url) {
      // A window rather than a tab: a tab in the background is hidden, and its timers are slowed down.
      // It is asked of a window that is there: the current one may have been closed.
      const { handle } = await inWindow(home, () => call('POST', `${session}/window/new`, { type: 'window' }))
      const tab = createTab(handle)
      await tab.goto(url)
      return tab
    },
    async close() {
      await call('DELETE', session).catch(() => {})
      await driver.end()
    },
  }
}
