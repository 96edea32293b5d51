// What tabs of a page really speak and wait by. Of another tab an iframe is a fair one: it has its own BroadcastChannel,
// and what it writes to localStorage is told to the page.
import { expect, onTestFinished, test } from 'vitest'
import { openPageChannel, type Channel } from '../../src/tabs/channel.ts'
import { createPageLocks } from '../../src/tabs/locks.ts'

let names = 0

function nameOf(): string {
  const name = `session-cart test ${Date.now()} ${++names}`
  onTestFinished(() => {
    for (const key of Object.keys(localStorage)) if (key.startsWith(name)) localStorage.removeItem(key)
  })
  return name
}

/** The window of another document of this site. */
function openOther(): Window & typeof globalThis {
  const frame = document.createElement('iframe')
  document.body.append(frame)
  onTestFinished(() => frame.remove())
  return frame.contentWindow as Window & typeof globalThis
}

/** A line that is closed after the test, and what came through it. */
function listen(name: string): Channel & { readonly heard: unknown[] } {
  const heard: unknown[] = []
  const channel = openPageChannel(name, message => heard.push(message))
  onTestFinished(() => channel.close())
  return { ...channel, heard }
}

function without(name: 'BroadcastChannel' | 'localStorage'): void {
  const descriptor = Object.getOwnPropertyDescriptor(window, name)!
  const value =
    name === 'localStorage'
      ? {
          get: () => {
            throw new DOMException('Storage is forbidden.', 'SecurityError')
          },
        }
      : { value: undefined }
  Object.defineProperty(window, name, { ...value, configurable: true })
  onTestFinished(() => void Object.defineProperty(window, name, descriptor))
}

test('what one tab posts all others hear, until they are closed', async () => {
  const name = nameOf()
  const [one, other, stranger] = [listen(name), listen(name), listen(nameOf())]
  one.post({ rows: [1] })
  await expect.poll(() => other.heard).toEqual([{ rows: [1] }])
  other.close()
  const last = listen(name)
  one.post({ rows: [2] })
  await expect.poll(() => last.heard).toEqual([{ rows: [2] }])
  expect([one.heard, other.heard, stranger.heard]).toEqual([[], [{ rows: [1] }], []])
})

test('that another tab wrote what it keeps beside the database is heard without a message', async () => {
  const name = nameOf()
  const { heard } = listen(name)
  localStorage.getItem(name)
  const { localStorage: others } = openOther()
  others.setItem('something else', '1')
  others.removeItem('something else')
  others.setItem(`${name}:rows`, '[]')
  await expect.poll(() => heard).toEqual([undefined])
})

test('without BroadcastChannel tabs hear of each other by localStorage, each message once', async () => {
  without('BroadcastChannel')
  const name = nameOf()
  const one = listen(name)
  const { localStorage: others } = openOther()
  one.post({ rows: [1] })
  const first = others.getItem(name)!
  one.post({ rows: [1] })
  // Two that say the same are two changes, or nobody would be told of the second.
  expect(others.getItem(name)).not.toBe(first)
  others.setItem(name, first)
  others.setItem('something else', '1')
  others.removeItem('something else')
  others.setItem(name, 'no message')
  others.removeItem(name)
  await expect.poll(() => one.heard).toEqual([{ rows: [1] }, undefined])
  one.close()
  const last = listen(name)
  others.setItem(name, first)
  await expect.poll(() => last.heard).toEqual([{ rows: [1] }])
  expect(one.heard).toHaveLength(2)
})

test('where storage is forbidden or full a message is lost and nothing else', () => {
  without('BroadcastChannel')
  const name = nameOf()
  const full = listen(name)
  expect(() => full.post({ text: 'x'.repeat(20_000_000) })).not.toThrow()
  without('localStorage')
  const forbidden = listen(name)
  expect(() => forbidden.post({ rows: [1] })).not.toThrow()
})

/** Time that passes when it is told to. */
function createTimers() {
  const jobs = new Set<() => void>()
  return {
    waiting: () => jobs.size,
    pass: () => {
      for (const job of jobs) job()
      jobs.clear()
    },
    after(_ms: number, job: () => void) {
      jobs.add(job)
      return () => void jobs.delete(job)
    },
  }
}

/** Work that ends when it is told to. */
function createWork() {
  let end!: (result: string) => void
  const ended = new Promise<string>(resolve => (end = resolve))
  const begun: boolean[] = []
  return { begun, end: (result: string) => end(result), job: (hadToWait: boolean) => (begun.push(hadToWait), ended) }
}

test('a tab works while no other does, and knows whether it had to wait', async () => {
  const name = nameOf()
  const timers = createTimers()
  const [one, other] = [createPageLocks(timers, Math.random), createPageLocks(timers, Math.random)]
  const [first, second] = [createWork(), createWork()]
  const done = [one.run(name, first.job), other.run(name, second.job)]
  await expect.poll(() => first.begun).toEqual([false])
  expect(second.begun).toEqual([])
  first.end('first')
  await expect.poll(() => second.begun).toEqual([true])
  second.end('second')
  expect(await Promise.all(done)).toEqual(['first', 'second'])
  expect(timers.waiting()).toBe(0)
})

test('who waits too long goes ahead without the lock, and one that is frozen lets go of it', async () => {
  const name = nameOf()
  const timers = createTimers()
  const [one, other] = [createPageLocks(timers, Math.random), createPageLocks(timers, Math.random)]
  const [first, second, third] = [createWork(), createWork(), createWork()]
  const done = [one.run(name, first.job)]
  await expect.poll(() => first.begun).toEqual([false])
  done.push(other.run(name, second.job))
  await expect.poll(() => timers.waiting()).toBe(1)
  timers.pass()
  await expect.poll(() => second.begun).toEqual([true])
  done.push(other.run(name, third.job))
  one.release()
  await expect.poll(() => third.begun).toEqual([true])
  for (const [index, { end }] of [first, second, third].entries()) end(String(index))
  expect(await Promise.all(done)).toEqual(['0', '1', '2'])
})

test('work that fails gives the lock to the next one', async () => {
  const name = nameOf()
  const locks = createPageLocks(createTimers(), Math.random)
  await expect(locks.run(name, () => Promise.reject(new Error('no answer')))).rejects.toThrow('no answer')
  expect(await locks.run(name, async hadToWait => hadToWait)).toBe(false)
})

test('without Web Locks a random wait comes before the work', async () => {
  const own = Object.getOwnPropertyDescriptor(navigator, 'locks')
  Object.defineProperty(navigator, 'locks', { value: undefined, configurable: true })
  onTestFinished(() => {
    Reflect.deleteProperty(navigator, 'locks')
    if (own) Object.defineProperty(navigator, 'locks', own)
  })
  const timers = createTimers()
  const { begun, end, job } = createWork()
  const done = createPageLocks(timers, () => 0.5).run(nameOf(), job)
  expect([timers.waiting(), begun]).toEqual([1, []])
  timers.pass()
  await expect.poll(() => begun).toEqual([true])
  end('done')
  expect(await done).toBe('done')
})
