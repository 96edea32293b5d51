import { writeFileSync } from 'node:fs'
import type { Reporter, SerializedError, TestModule } from 'vitest/node'

/**
 * Closes the run with the line `N passed, N failed, N skipped` over all projects. Whatever kept a test from being counted
 * (a file that does not load, a failed hook, an error outside of any test, a run cut short) counts as failed.
 */
export default class CiLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const count = { passed: 0, failed: unhandled.length, skipped: 0, pending: 0 }
    for (const module of modules) {
      count.failed += module.errors().length
      for (const suite of module.children.allSuites()) count.failed += suite.errors().length
      for (const test of module.children.allTests()) count[test.result().state]++
    }
    const line = `${count.passed} passed, ${count.failed + count.pending} failed, ${count.skipped} skipped`
    console.log(`\n${line}`)
    // test/run.mjs has more to say after the tests, and repeats the line at its very end
    if (process.env.CLOSING_LINE_FILE) writeFileSync(process.env.CLOSING_LINE_FILE, line)
  }
}
