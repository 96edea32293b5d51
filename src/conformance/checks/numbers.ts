import type { Check } from '../check.ts'
import { holds, includes, memberOf, same } from '../expecting.ts'
import {
  adding,
  codesOf,
  hopeless,
  isProblem,
  isUntouched,
  linesOf,
  mutation,
  on,
  unitsOf,
  type Answer,
} from '../subject.ts'

/** @throws Failure when a request that brought nothing new was written. */
function isUnwritten(answer: Answer, before: Answer): void {
  // What was still to come may have come with it.
  if (!before.estimated) same('the version, for a request that brings nothing new', answer.version, before.version)
}

/** Exactly once, in order. */
export const numbers: readonly Check[] = [
  {
    id: 'numbers/sent-again',
    section: 'Numbers',
    rule: 'A batch that is sent again takes effect once and is answered alike.',
    needs: ['lines'],
    async run({ subject, start }) {
      const twice = subject()
      const batch = [start(), adding('a', 2, 'A', 2), hopeless('a', 3), adding('a', 4, 'A', 3)]
      const first = await twice.send(batch)
      for (const fields of [{}, on(first)]) {
        const again = await twice.send(batch, fields)
        same('units', unitsOf(again), { A: 5 })
        includes('acked', again.acked, { a: 4 })
        same('rejections', codesOf(again, 'a'), { 3: 'line-not-found' })
        isUnwritten(again, first)
      }
    },
  },
  {
    id: 'numbers/other-shape',
    section: 'Numbers',
    rule: 'What is sent again in another shape, cut or overlapping, takes effect once.',
    needs: ['lines'],
    async run({ subject, start }) {
      const cut = subject()
      const all = [start(), adding('a', 2, 'A'), adding('a', 3, 'B'), adding('a', 4, 'A'), adding('a', 5, 'C')]
      await cut.send(all.slice(0, 3))
      for (const part of [all.slice(0, 1), all.slice(1, 3), all.slice(2, 4), all.slice(1), all, all.slice(4)]) {
        await cut.send(part)
      }
      const twice = adding('a', 6, 'D')
      same('units', unitsOf(await cut.send([twice, twice])), { A: 2, B: 1, C: 1, D: 1 })
    },
  },
  {
    id: 'numbers/two-writers',
    section: 'Numbers',
    rule: 'Each writer has numbers of its own, also within one batch.',
    needs: ['lines'],
    async run({ subject, start }) {
      const shared = subject()
      const answer = await shared.send([start(), adding('b', 1, 'A'), adding('a', 2, 'A'), adding('b', 2, 'A')])
      same('acked', answer.acked, { a: 2, b: 2 })
      const next = await shared.send([adding('b', 2, 'A'), adding('b', 3, 'A'), adding('a', 3, 'A')])
      same('units', unitsOf(next), { A: 5 })
    },
  },
  {
    id: 'numbers/per-session',
    section: 'Numbers',
    rule: 'A writer has numbers of its own in each session.',
    needs: ['lines'],
    async run({ subject, start }) {
      const [one, other] = [subject(), subject()]
      await one.send([start(), adding('a', 2, 'A')])
      const answer = await other.send([start(), adding('a', 2, 'B')])
      same('units of the second session', unitsOf(answer), { B: 1 })
      same('units of the first session', unitsOf(await one.read()), { A: 1 })
    },
  },
  {
    id: 'numbers/outcome-again',
    section: 'Numbers',
    rule: 'n ≤ last is skipped, and its stored outcome is answered again, even if it would fare better now.',
    needs: ['lines'],
    async run({ subject, start }) {
      const late = subject()
      const rejected = mutation('a', 2, 'changeQuantity', { line: 'A', by: 5 })
      await late.send([start(), rejected])
      const now = await late.send([adding('b', 1, 'A')])
      const again = await late.send([rejected], on(now))
      same('rejections', codesOf(again, 'a'), { 2: 'line-not-found' })
      same('units', unitsOf(again), { A: 1 })
      isUnwritten(again, now)
    },
  },
  {
    id: 'numbers/rejection',
    section: 'Numbers',
    rule: 'A rejection is told inside a 200, takes its number, and leaves the rest of the batch alone.',
    needs: ['lines'],
    async run({ subject, start }) {
      const rejecting = subject()
      const answer = await rejecting.send([start(), adding('a', 2, 'A'), hopeless('a', 3), adding('a', 4, 'B')])
      same('acked', answer.acked, { a: 4 })
      same('rejections', codesOf(answer, 'a'), { 3: 'line-not-found' })
      same('units', unitsOf(answer), { A: 1, B: 1 })
      same('acked of the next', (await rejecting.send([hopeless('a', 5)])).acked.a, 5)
    },
  },
  {
    id: 'numbers/gap',
    section: 'Numbers',
    rule: 'A missing number is gap, with acked of every writer in the request; nothing of the batch is applied.',
    async run({ subject, start }) {
      const gapped = subject()
      const before = await gapped.send([start(), adding('a', 2, 'A')])
      const reply = await gapped.post([adding('b', 1, 'B'), adding('a', 3, 'A'), adding('a', 5, 'A')], on(before))
      isProblem('number 5 after 3', reply, 'gap')
      same('acked', memberOf(reply.body, 'acked'), { a: 2, b: 0 })
      includes('the mutation that does not follow', reply.body, { writer: 'a', n: 5 })
      await isUntouched(gapped, before)
      isProblem('a first number of 2', await gapped.post([adding('c', 2, 'C')]), 'gap')
      await isUntouched(gapped, before)
    },
  },
  {
    id: 'numbers/burn',
    section: 'Numbers',
    rule: 'A burn may jump; who sends one of the numbers in between later is told burned.',
    async run({ subject, start }) {
      const burned = subject()
      await burned.send([start()])
      const jumped = await burned.send([mutation('a', 4, 'burn'), mutation('a', 5, 'clearItems')])
      same('acked', jumped.acked.a, 5)
      const late = await burned.send([adding('a', 3, 'A')], on(jumped))
      includes('rejections', codesOf(late, 'a'), { 3: 'burned' })
      same('lines', linesOf(late), [])
      const below = await burned.send([mutation('a', 2, 'burn')], on(late))
      same('acked after a burn of a number that was taken', below.acked.a, 5)
    },
  },
  {
    id: 'numbers/long-burn',
    section: 'Numbers',
    rule: 'An answer names at most 1000 burned numbers, of a long jump those from the lowest number in the request on.',
    async run({ subject, start }) {
      const burned = subject()
      await burned.send([start()])
      const far = 1_000_000_000
      const jumped = await burned.send([mutation('a', far, 'burn')])
      same('acked', jumped.acked.a, far)
      const late = await burned.send([adding('a', 500, 'A'), adding('a', 501, 'A')], on(jumped))
      holds(late.rejected.length <= 1000, 'at most 1000 burned numbers', late.rejected.length)
      includes('rejections', codesOf(late, 'a'), { 500: 'burned', 501: 'burned' })
    },
  },
  {
    id: 'numbers/unknown-name',
    section: 'Mutations',
    rule: 'A mutation of a name the server does not know has no effect, takes its number and is rejected malformed.',
    needs: ['lines'],
    async run({ subject, start }) {
      const newer = subject()
      const unknown = mutation('a', 3, 'conformanceUnknown', { any: [{ thing: true }] })
      const answer = await newer.send([start(), adding('a', 2, 'A'), unknown, adding('a', 4, 'A')])
      same('acked', answer.acked, { a: 4 })
      same('rejections', codesOf(answer, 'a'), { 3: 'malformed' })
      same('units', unitsOf(answer), { A: 2 })
      const inherited = ['constructor', '__proto__', 'toString'].map((name, i) => mutation('a', 5 + i, name))
      const codes = { 3: 'malformed', 5: 'malformed', 6: 'malformed', 7: 'malformed' }
      same('rejections of inherited names', codesOf(await newer.send(inherited), 'a'), codes)
    },
  },
  {
    id: 'numbers/writer-names',
    section: 'Mutations',
    rule: 'A writer is 1 to 64 of A–Z a–z 0–9 _ -, and any of these may be one.',
    needs: ['lines'],
    async run({ subject, start }) {
      const named = subject()
      const writers = ['__proto__', 'constructor', 'toString', '-', '0', 'x'.repeat(64)]
      const answer = await named.send([start(), ...writers.map(writer => adding(writer, 1, 'A'))])
      const all = Object.fromEntries(['a', ...writers].map(writer => [writer, 1]))
      same('acked', answer.acked, all)
      same('units after sending it again', unitsOf(await named.send(writers.map(name => adding(name, 1, 'A')))), {
        A: 6,
      })
      for (const writer of ['backend', 'backend-x']) {
        isProblem(`a writer called ${writer}`, await named.post([adding(writer, 1, 'A')]), 'malformed')
      }
    },
  },
  {
    id: 'numbers/version',
    section: 'The answer',
    rule: 'The version counts the writes, and whatever changes the body of a GET counts.',
    async run({ subject, start }) {
      const counted = subject()
      const versions: number[] = []
      const steps = [start(), hopeless('a', 2), mutation('a', 3, 'burn'), mutation('a', 4, 'clearItems')]
      for (const step of [...steps, mutation('a', 5, 'setAttributes', { changes: { x: 1 } })]) {
        versions.push((await counted.send([step])).version, (await counted.read()).version)
      }
      const grows = versions.every((version, i) => i === 0 || version >= (versions[i - 1] ?? 0))
      holds(grows, 'versions that never go back', versions)
      holds(new Set(versions).size >= 5, 'another version after each of five writes', versions)
    },
  },
]
