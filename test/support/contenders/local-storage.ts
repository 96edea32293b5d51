import { applyTo, type Contender, type Line } from './contender.ts'

/** The whole cart as JSON in localStorage, written anew with every command. */
export function openLocalStorage(scope: string): Contender {
  let lines = JSON.parse(localStorage.getItem(scope) ?? '[]') as readonly Line[]
  return {
    ready: Promise.resolve(),
    give(command) {
      lines = applyTo(lines, command)
      localStorage.setItem(scope, JSON.stringify(lines))
      return Promise.resolve(true)
    },
    lines: () => lines,
  }
}
