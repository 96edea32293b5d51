import { expect } from 'vitest'
import { isSessionCartError } from '../../src/index.ts'

/** The code of the error that a command throws. Its message is for people to read. */
export function codeOf(command: () => unknown): string {
  try {
    command()
  } catch (error) {
    if (!isSessionCartError(error)) throw error
    expect(error.message.length).toBeLessThan(400)
    return error.code
  }
  return 'nothing thrown'
}
