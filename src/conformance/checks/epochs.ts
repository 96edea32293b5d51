import type { Check } from '../check.ts'
import { holds, same } from '../expecting.ts'
import { adding, isMissing, isProblem, isUntouched, linesOf, mutation, on } from '../subject.ts'

/** Which session is meant. */
export const epochs: readonly Check[] = [
  {
    id: 'epoch/join',
    section: 'Epoch and version',
    rule: 'base 0 without an epoch joins a session that is there, and answers it whole.',
    async run({ subject, start }) {
      const joined = subject()
      const first = await joined.send([start(), mutation('a', 2, 'setAttributes', { changes: { x: 1 } })])
      const second = await joined.send([start('b')])
      same('epoch', second.epoch, first.epoch)
      same('attributes', second.fields.attributes, { x: 1 })
      linesOf(second)
    },
  },
  {
    id: 'epoch/minted',
    section: 'The answer',
    rule: 'The epoch is random, minted with the session.',
    async run({ subject, start }) {
      const [one, other] = [await subject().send([start()]), await subject().send([start()])]
      holds(one.epoch !== other.epoch, 'another epoch in another session', one.epoch)
      holds(one.epoch.length >= 16, 'an epoch that cannot be guessed', one.epoch)
    },
  },
  {
    id: 'epoch/other',
    section: 'Epoch and version',
    rule: 'Another epoch is session-gone, for a POST and for a GET, and nothing is applied.',
    async run({ subject, start }) {
      const renewed = subject()
      const before = await renewed.send([start()])
      const posted = await renewed.post([adding('a', 2, 'A')], { ...on(before), epoch: 'e_conformance' })
      isProblem('another epoch', posted, 'session-gone', [410])
      const early = await renewed.post([adding('a', 2, 'A')], { base: 0, epoch: 'e_conformance' })
      isProblem('another epoch at base 0', early, 'session-gone', [410])
      const read = await renewed.get(`"e_conformance.${before.version}.${before.check}"`)
      isProblem('an ETag of another epoch', read, 'session-gone', [404, 410])
      await isUntouched(renewed, before)
    },
  },
  {
    id: 'epoch/base-above',
    section: 'Epoch and version',
    rule: 'A base above the stored version is session-gone: a backup was restored.',
    async run({ subject, start }) {
      const restored = subject()
      const before = await restored.send([start()])
      const base = before.version + 1
      const posted = await restored.post([adding('a', 2, 'A')], { epoch: before.epoch, base })
      isProblem('a base above the version', posted, 'session-gone', [410])
      const read = await restored.get(`"${before.epoch}.${base}.${before.check}"`)
      isProblem('an ETag above the version', read, 'session-gone', [404, 410])
      await isUntouched(restored, before)
    },
  },
  {
    id: 'epoch/missing',
    section: 'Epoch and version',
    rule: 'A session that is missing is gone for whoever has a base or an epoch, and is not made anew.',
    async run({ subject, start }) {
      const lost = subject()
      for (const fields of [{ base: 3, epoch: 'e_conformance' }, { base: 3 }, { base: 0, epoch: 'e_conformance' }]) {
        isProblem(`no session, ${JSON.stringify(fields)}`, await lost.post([start()], fields), 'session-gone', [410])
      }
      await isMissing(lost)
    },
  },
]
