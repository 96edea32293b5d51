import { expect, onTestFinished, test, vi } from 'vitest'
import { report } from '../../../src/store/report.ts'

const error = new Error('a listener of the app')

test('an error of the app is told to the page', () => {
  const heard: unknown[] = []
  vi.stubGlobal('reportError', (given: unknown) => heard.push(given))
  onTestFinished(() => void vi.unstubAllGlobals())
  report(error)
  expect(heard).toEqual([error])
})

test('where a page cannot be told it is thrown where it stops nobody else', () => {
  const later: (() => void)[] = []
  vi.stubGlobal('reportError', undefined)
  vi.stubGlobal('queueMicrotask', (job: () => void) => later.push(job))
  onTestFinished(() => void vi.unstubAllGlobals())
  report(error)
  expect(later).toHaveLength(1)
  expect(later[0]).toThrow(error)
})
