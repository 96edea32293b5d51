import type { Check } from '../check.ts'
import { Failure, Skip, holds, includes, memberOf, same } from '../expecting.ts'
import type { Reply } from '../http.ts'
import { PROBLEM_TYPE } from '../../session/protocol.ts'
import { adding, bodyOf, isMissing, isProblem, isUntouched, mutation, type Subject } from '../subject.ts'

/** @throws Failure unless it is a refusal that the protocol gives no meaning. */
function isMeaningless(what: string, reply: Reply, statuses: readonly number[]): void {
  const type = memberOf(reply.body, 'type')
  const isOurs = typeof type === 'string' && type.startsWith(PROBLEM_TYPE)
  const expected = `${what}: ${statuses.join(' or ')}, of no type of the protocol`
  holds(statuses.includes(reply.status) && !isOurs, expected, `${reply.status} ${reply.text}`)
}

const BAD_BODIES: readonly (string | Uint8Array<ArrayBuffer>)[] = [
  '',
  '{"v":1,"base":0,"mutations":[',
  'null',
  '[]',
  '"text"',
  '{}',
  '{"v":1,"mutations":[]}',
  '{"v":1,"base":"0","mutations":[]}',
  '{"v":1,"base":-1,"mutations":[]}',
  '{"v":1,"base":0.5,"mutations":[]}',
  '{"v":1,"base":0}',
  '{"v":1,"base":0,"mutations":{}}',
  '{"v":1,"base":0,"epoch":5,"mutations":[]}',
  '{"v":1,"base":0,"check":[],"mutations":[]}',
  '{"v":"1","base":0,"mutations":[]}',
  Uint8Array.of(...new TextEncoder().encode('{"v":1,"base":0,"check":"'), 0xff, 0xfe, 0x22, 0x7d),
]

/** Sends larger and larger requests until one is refused. */
async function refusedSize(
  subject: () => Subject,
  sizes: readonly number[],
  bodyFor: (size: number) => string,
): Promise<[Reply, Subject]> {
  for (const size of sizes) {
    const refusing = subject()
    const reply = await refusing.postText(bodyFor(size))
    if (reply.status !== 200) return [reply, refusing]
  }
  throw new Skip(`The server took a request of ${String(sizes.at(-1))} and set no limit.`)
}

/** Why a request was not carried out. */
export const problems: readonly Check[] = [
  {
    id: 'problems/form',
    section: 'Problems',
    rule: 'A problem is application/problem+json with type, title and status (RFC 9457), and is not kept by caches.',
    async run({ subject, start }) {
      const asked = subject()
      await asked.send([start()])
      for (const reply of [
        await asked.postText('{'),
        await asked.post([adding('a', 7, 'A')]),
        await subject().get(),
        await asked.post([], { base: 99 }),
      ]) {
        const { headers, body, status } = reply
        const type = headers.get('content-type') ?? ''
        holds(/^application\/problem\+json\b/.test(type), 'Content-Type: application/problem+json', type)
        same('the member status', memberOf(body, 'status'), status)
        holds(typeof memberOf(body, 'title') === 'string', 'a title', body)
        const caching = headers.get('cache-control')
        holds(/\bno-store\b/.test(caching ?? ''), 'Cache-Control: no-store', caching)
      }
    },
  },
  {
    id: 'problems/body',
    section: 'The request',
    rule: 'A body that is not JSON in UTF-8, or not of the shape of a request, is malformed.',
    async run({ subject }) {
      const asked = subject()
      for (const body of BAD_BODIES) {
        isProblem(
          `the body ${typeof body === 'string' ? body : 'with bytes that are no UTF-8'}`,
          await asked.postText(body),
          'malformed',
        )
      }
      await isMissing(asked)
    },
  },
  {
    id: 'problems/version',
    section: 'The request',
    rule: 'Another version of the protocol is unsupported-version, whatever else the body has.',
    async run({ subject, start }) {
      const newer = subject()
      isProblem('v 2', await newer.post([start()], { v: 2 }), 'unsupported-version')
      isProblem('v 2 of another shape', await newer.postText('{"v":2,"ops":[]}'), 'unsupported-version')
      await isMissing(newer)
    },
  },
  {
    id: 'problems/media-type',
    section: 'Endpoints',
    rule: 'A body of another media type is refused with 415: a form of another site could send it.',
    async run({ subject, start }) {
      const formed = subject()
      for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'text/plain; charset=application/json']) {
        isMeaningless(type, await formed.postText(bodyOf([start()]), { 'content-type': type }), [415])
      }
      await isMissing(formed)
      const sent = await formed.postText(bodyOf([start()]), { 'content-type': 'application/json; charset=utf-8' })
      same('the status for application/json; charset=utf-8', sent.status, 200)
    },
  },
  {
    id: 'problems/methods',
    section: 'Problems',
    rule: 'Another method or path has no meaning to a client and changes nothing.',
    async run({ http, subject, start }) {
      const asked = subject()
      const before = await asked.send([start()])
      for (const method of ['PUT', 'DELETE']) {
        isMeaningless(method, await http.send(`/${asked.id}`, { method }), [404, 405, 501])
      }
      await isUntouched(asked, before)
      for (const id of ['x'.repeat(1001), '%01', 'a%0Ab']) {
        isMeaningless(`the id ${id.slice(0, 10)}`, await http.send(`/${id}`), [404])
      }
    },
  },
  {
    id: 'problems/ids',
    section: 'Endpoints',
    rule: 'The id of a session is percent-encoded: every character but control characters, up to 1000.',
    async run({ subject, start }) {
      const { id } = subject()
      const ids = [`${id}/ä %2e?#茶👕`, `${id}%2F`, `${id}/`, `${id}+ `, `${id}${'x'.repeat(1000 - id.length)}`]
      const epochs = new Set<string>()
      for (const name of ids) {
        const answer = await subject(name).send([start()])
        same('session.integrationId', answer.fields.integrationId, name)
        epochs.add(answer.epoch)
      }
      same('sessions', epochs.size, ids.length)
    },
  },
  {
    id: 'problems/room',
    section: 'The request',
    rule: 'A batch of 100 mutations in 64 KiB is taken.',
    async run({ subject }) {
      const note = 'x'.repeat(500)
      const batch = Array.from({ length: 100 }, (_, i) => mutation('a', i + 1, 'setAttributes', { changes: { note } }))
      same('acked', (await subject().send(batch)).acked, { a: 100 })
    },
  },
  {
    id: 'problems/too-many',
    section: 'Problems',
    rule: 'A batch of too many mutations is too-large, and nothing of it is applied.',
    async run({ subject }) {
      const [reply, refused] = await refusedSize(subject, [250, 500, 1000, 2000], count =>
        bodyOf(Array.from({ length: count }, (_, i) => mutation('a', i + 1, 'clearItems'))),
      )
      isProblem('too many mutations', reply, 'too-large')
      await isMissing(refused)
    },
  },
  {
    id: 'problems/too-large',
    section: 'Problems',
    rule: 'A body of too many bytes is too-large, and nothing of it is applied.',
    async run({ subject }) {
      const [reply, refused] = await refusedSize(subject, [300_000, 1_200_000, 4_800_000], bytes =>
        bodyOf([mutation('a', 1, 'setAttributes', { changes: { x: 'x'.repeat(bytes) } })]),
      ).catch((error: unknown) => {
        // Who stops listening in the middle of a body may be gone before the answer is read.
        if (error instanceof Failure) throw new Skip(`The connection was cut: ${error.came}`)
        throw error
      })
      isProblem('too many bytes', reply, 'too-large')
      await isMissing(refused)
    },
  },
  {
    id: 'problems/other-sites',
    section: 'Other sites',
    rule: 'What the page of another site sends is forbidden, and nothing of it is applied.',
    async run({ subject, start }) {
      const attacked = subject()
      for (const headers of [
        { 'sec-fetch-site': 'cross-site' },
        { origin: 'https://conformance.invalid' },
        { origin: 'null', 'sec-fetch-site': 'cross-site' },
      ]) {
        isProblem(JSON.stringify(headers), await attacked.post([start()], {}, headers), 'forbidden')
      }
      await isMissing(attacked)
      const own = await attacked.post([start()], {}, { 'sec-fetch-site': 'same-origin' })
      same('the status for a page of the same origin', own.status, 200)
    },
  },
  {
    id: 'problems/unauthorized',
    section: 'Problems',
    rule: 'Who may not see a session is unauthorized or forbidden.',
    async run({ http, subject, start }) {
      if (!http.isSigned) throw new Skip('No headers were given that could be left out.')
      const own = subject()
      await own.send([start()])
      const reply = await http.send(`/${own.id}`, {}, false)
      if (reply.status === 200) throw new Skip('The server answers without the headers, too.')
      const name = reply.status === 403 ? 'forbidden' : 'unauthorized'
      isProblem('a request without the headers', reply, name)
      includes('the answer says nothing of the session', { text: reply.text.includes('cartItems') }, { text: false })
    },
  },
]
