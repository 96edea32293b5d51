import { errorText } from './text.ts'

/** Something that has to be asked for, and tells no changes. */
export interface Probe<Value> {
  /** What was read last, and asks for news; at most once in a second, and only while somebody goes on looking. */
  look(): Value | undefined
  /** Why the last reading failed. */
  error(): string | undefined
  stop(): void
}

const REST_MS = 1000

/** @param changed There may be something new to look at. */
export function createProbe<Value>(read: () => Promise<Value>, changed: () => void): Probe<Value> {
  let value: Value | undefined
  let error: string | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let isBusy = false
  let isStopped = false

  async function ask(): Promise<void> {
    isBusy = true
    try {
      value = await read()
      error = undefined
    } catch (cause) {
      error = errorText(cause)
    }
    if (isStopped) return
    timer = setTimeout(() => {
      isBusy = false
      changed()
    }, REST_MS)
    changed()
  }

  return {
    look() {
      if (!isBusy && !isStopped) void ask()
      return value
    },
    error: () => error,
    stop() {
      isStopped = true
      clearTimeout(timer)
    },
  }
}
