import { report } from '../store/report.ts'

/** Those who asked to be called. */
export interface Listeners<Value> {
  /** Returns what takes the listener off again. */
  add(listener: (value: Value) => void): () => void
  /** Calls all of them. A faulty one is no reason to fail for whoever tells. */
  tell(value: Value): void
}

/** Creates an empty list of listeners. */
export function createListeners<Value>(): Listeners<Value> {
  const listeners = new Set<(value: Value) => void>()
  return {
    add(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    tell(value) {
      for (const listener of listeners) {
        try {
          listener(value)
        } catch (error) {
          report(error)
        }
      }
    },
  }
}
