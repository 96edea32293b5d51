import { expect, test } from 'vitest'
import { createLine } from '../../../src/tabs/line.ts'

function createListened() {
  const events: unknown[] = []
  const line = createLine(
    'session-cart:test',
    name => ({ post: message => events.push(message), close: () => events.push(`${name} closed`) }),
    undefined,
    () => {},
  )
  return { line, events }
}

const task = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

test('messages are posted in their order and in the task they were told in, but after who waits for what they tell of', async () => {
  const { line, events } = createListened()
  const saved = Promise.resolve()
  const app = async (): Promise<void> => {
    await saved
    events.push('saved')
  }
  const waiting = (async () => {
    await app()
    events.push('the app goes on')
  })()
  const next = task().then(() => events.push('the next task'))
  line.tell({ key: 1 })
  line.tell({ key: 2 })
  await Promise.all([waiting, next])
  expect(events).toEqual(['saved', 'the app goes on', { key: 1 }, { key: 2 }, 'the next task'])
  line.tell({ key: 3 })
  await task()
  expect(events.at(-1)).toEqual({ key: 3 })
})

test('a message that cannot be posted is lost alone', async () => {
  const posted: object[] = []
  let isClosed = false
  const post = (message: object): void => {
    if ('bad' in message) throw new DOMException('It cannot be cloned.', 'DataCloneError')
    posted.push(message)
  }
  const open = () => ({ post, close: () => void (isClosed = true) })
  const line = createLine('session-cart:test', open, undefined, () => {})
  line.tell({ bad: 1 })
  line.tell({ key: 2 })
  // An unhandled rejection would fail the run.
  await task()
  line.tell({ bad: 3 })
  line.tell({ key: 4 })
  line.release()
  expect([posted, isClosed]).toEqual([[{ key: 2 }, { key: 4 }], true])
})

test('a line that is let go of has posted what was told, and posts no more until it is open again', async () => {
  const { line, events } = createListened()
  line.tell({ key: 1 })
  line.release()
  expect(events).toEqual([{ key: 1 }, 'session-cart:test closed'])
  line.tell({ key: 2 })
  await task()
  expect(events).toHaveLength(2)
  line.open()
  line.tell({ key: 3 })
  await task()
  expect(events.at(-1)).toEqual({ key: 3 })
})
