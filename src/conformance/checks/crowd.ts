import type { Check } from '../check.ts'
import { same } from '../expecting.ts'
import { adding, on, unitsOf, type Answer, type Subject } from '../subject.ts'

const CROWD = 20
const MOST_TURNS = 30
const LONGEST_WAIT_MS = 2000

/** Sends a batch as a client does that is told to come back: a crowd may be answered 503 or 429. */
async function sendInTurn(subject: Subject, mutations: readonly unknown[], fields: object): Promise<Answer> {
  for (let turn = 1; ; turn++) {
    const reply = await subject.post(mutations, fields)
    if ((reply.status !== 503 && reply.status !== 429) || turn === MOST_TURNS) return subject.understand(reply)
    const seconds = Number(reply.headers.get('retry-after')) || 0.1
    await new Promise(resolve => setTimeout(resolve, Math.min(seconds * 1000, LONGEST_WAIT_MS)))
  }
}

const crowd = <Result>(job: (writer: string) => Promise<Result>): Promise<Result[]> =>
  Promise.all(Array.from({ length: CROWD }, (_, i) => job(`w${i}`)))

/** Many at once. */
export const crowds: readonly Check[] = [
  {
    id: 'crowd/writers',
    section: 'Numbers',
    rule: 'Twenty writers at once are all applied, each once, each by a write of its own.',
    needs: ['lines'],
    async run({ subject, start }) {
      const shared = subject()
      const first = await shared.send([start()])
      await crowd(async writer => sendInTurn(shared, [adding(writer, 1, 'A'), adding(writer, 2, 'A')], on(first)))
      const last = await shared.read()
      same('units', unitsOf(last), { A: 2 * CROWD })
      same('writes', last.version - first.version, CROWD)
    },
  },
  {
    id: 'crowd/versions',
    section: 'The answer',
    rule: 'No two writes have the same version.',
    needs: ['lines'],
    async run({ subject, start }) {
      const shared = subject()
      const first = await shared.send([start()])
      const replies = await crowd(writer => shared.post([adding(writer, 1, 'A')], on(first)))
      const versions = replies
        .filter(({ status }) => status === 200)
        .map(({ body }) => (body as { readonly version?: unknown }).version)
      same('distinct versions', new Set(versions).size, versions.length)
    },
  },
  {
    id: 'crowd/one-batch',
    section: 'Numbers',
    rule: 'One batch that arrives twenty times at once takes effect once.',
    needs: ['lines'],
    async run({ subject, start }) {
      const repeated = subject()
      const first = await repeated.send([start()])
      await crowd(async () => sendInTurn(repeated, [adding('a', 2, 'A'), adding('a', 3, 'B')], on(first)))
      same('units', unitsOf(await repeated.read()), { A: 1, B: 1 })
    },
  },
  {
    id: 'crowd/begin',
    section: 'Epoch and version',
    rule: 'Twenty that begin a session at once begin the same one.',
    needs: ['lines'],
    async run({ subject, start }) {
      const begun = subject()
      const answers = await crowd(async writer => sendInTurn(begun, [start(writer), adding(writer, 2, 'A')], {}))
      same('epochs', new Set(answers.map(({ epoch }) => epoch)).size, 1)
      same('units', unitsOf(await begun.read()), { A: CROWD })
    },
  },
]
