import { readdirSync, readFileSync } from 'node:fs'

/** A function that runs in a page, or the body of one. */
export type Task = string | ((argument: never) => unknown)

/** A tab, the same in every engine. */
export interface Tab {
  goto(url: string): Promise<void>
  /**
   * Runs a function in the page, or the body of one, whose argument is called `argument`; waits for what it promises.
   * The argument and the result travel as JSON.
   */
  evaluate<Result, Argument>(task: (argument: Argument) => Result, argument: Argument): Promise<Awaited<Result>>
  evaluate<Result>(task: () => Result): Promise<Awaited<Result>>
  evaluate<Result = unknown>(body: string, argument?: unknown): Promise<Result>
  close(): Promise<void>
}

/** A browser with one profile for all of its tabs. */
export interface Engine<EngineTab extends Tab = Tab> {
  readonly version: string
  /** The browser's main process. */
  readonly pid: number
  open(url: string): Promise<EngineTab>
  close(): Promise<void>
}

/** The source of an expression that runs the task and promises the JSON of its result. */
export function expressionOf(task: Task, argument: unknown): string {
  const callee = typeof task === 'string' ? `async argument => { ${task} }` : String(task)
  return `(async () => JSON.stringify(await (${callee})(${JSON.stringify(argument) ?? ''})))()`
}

/** The process that a process of ours started with the argument, where the system shows its processes as files. */
export function childOf(parent: number, argument: string): number {
  const tasks = `/proc/${parent}/task`
  const children = readdirSync(tasks).flatMap(
    task => readFileSync(`${tasks}/${task}/children`, 'utf8').match(/\d+/g) ?? [],
  )
  const child = children.find(pid => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(argument))
  if (!child) throw new Error(`No process was started with ${argument}`)
  return Number(child)
}
