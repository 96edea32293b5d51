import type { Check } from '../check.ts'
import { Failure, among, holds, includes, isSame, memberOf, same, shown } from '../expecting.ts'
import type { Reply } from '../http.ts'
import { adding, codesOf, hopeless, isProblem, linesOf, mutation, on, unitsOf } from '../subject.ts'

const isWhole = (value: unknown): boolean => Number.isSafeInteger(value)
const isText = (value: unknown): boolean => typeof value === 'string'
const isMap = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value)
const isMoment = (value: unknown): boolean => isText(value) && !Number.isNaN(Date.parse(value as string))

const SESSION: Readonly<Record<string, (value: unknown) => boolean>> = {
  integrationId: isText,
  created: isMoment,
  applicationId: isWhole,
  profileId: isText,
  coupon: isText,
  referral: isText,
  state: isText,
  cartItems: Array.isArray,
  identifiers: Array.isArray,
  total: Number.isFinite,
  attributes: isMap,
  firstSession: value => typeof value === 'boolean',
  discounts: isMap,
  updated: isMoment,
}

/** The ETag of a reply; a proxy that compresses may have marked it as weak. */
function etagOf({ headers }: Reply): string {
  const etag = headers.get('etag')
  if (!etag) throw new Failure('an ETag', [...headers])
  return etag.replace(/^W\//, '')
}

function carriesHeaders(reply: Reply): void {
  const { body, headers } = reply
  const [epoch, version, check] = ['epoch', 'version', 'check'].map(name => memberOf(body, name))
  same('ETag', etagOf(reply), `"${String(epoch)}.${String(version)}.${String(check)}"`)
  holds(
    /\bno-store\b/.test(headers.get('cache-control') ?? ''),
    'Cache-Control: no-store',
    headers.get('cache-control'),
  )
  const type = headers.get('content-type') ?? ''
  holds(/^application\/json\b/.test(type), 'Content-Type: application/json', type)
}

/** What every 200 and 304 says. */
export const answers: readonly Check[] = [
  {
    id: 'answer/create',
    section: 'An exchange',
    rule: 'The first request creates the session, at version 1, and answers it whole.',
    needs: ['lines'],
    async run({ subject, start, currency }) {
      const created = subject()
      const answer = await created.send([start(), adding('a', 2, 'A', 3)])
      same('version', answer.version, 1)
      same('acked', answer.acked, { a: 2 })
      same('rejected', answer.rejected, [])
      same('currency', answer.currency, currency)
      includes('session', answer.fields, { integrationId: created.id, state: 'open' })
      same('units', unitsOf(answer), { A: 3 })
      const read = await created.read()
      same('the epoch that a GET tells', read.epoch, answer.epoch)
      same('the lines that a GET tells', linesOf(read), linesOf(answer))
    },
  },
  {
    id: 'answer/fields',
    section: 'The answer',
    rule: 'An answer has v, estimated, effects and the fourteen fields of the session, each of its type.',
    async run({ subject, start }) {
      const { reply, fields } = await subject().send([start()])
      same('v', memberOf(reply.body, 'v'), 1)
      holds(typeof memberOf(reply.body, 'estimated') === 'boolean', 'estimated: true or false', reply.text)
      for (const list of ['effects', 'rejected', 'notices']) {
        holds(Array.isArray(memberOf(reply.body, list)), `${list}: a list`, reply.text)
      }
      for (const [name, isSound] of Object.entries(SESSION)) {
        holds(isSound(fields[name]), `session.${name} of its type`, fields)
      }
    },
  },
  {
    id: 'answer/clock',
    section: 'Mutations',
    rule: 'created, updated and the time of a notice are by the clock of the server, not the at of a mutation.',
    async run({ subject, start }) {
      const at = '1999-12-31T23:59:59.000Z'
      const { fields, notices } = await subject().send([
        { ...start(), at },
        { ...hopeless('a', 2), at },
      ])
      for (const moment of [fields.created, fields.updated, ...notices.map(notice => notice.at)]) {
        holds(isMoment(moment) && Date.parse(moment as string) !== Date.parse(at), "the server's own time", moment)
      }
    },
  },
  {
    id: 'answer/headers',
    section: 'Endpoints',
    rule: 'Answers carry Cache-Control: no-store and ETag: "epoch.version.check".',
    async run({ subject, start }) {
      const served = subject()
      const posted = await served.send([start(), adding('a', 2, 'A')])
      carriesHeaders(posted.reply)
      const read = await served.read()
      carriesHeaders(read.reply)
      const unchanged = await served.get(etagOf(read.reply))
      same('the status with an If-None-Match that fits', unchanged.status, 304)
      same('the ETag of the 304', etagOf(unchanged), etagOf(read.reply))
    },
  },
  {
    id: 'answer/not-modified',
    section: 'Endpoints',
    rule: 'A GET with If-None-Match is a 304 while nothing changed, and a whole answer once something has.',
    async run({ subject, start }) {
      const asked = subject()
      const etag = etagOf((await asked.send([start()])).reply)
      const unchanged = await asked.get(etag)
      same('the answer to an ETag that fits', [unchanged.status, unchanged.text], [304, ''])
      const after = await asked.send([mutation('b', 1, 'setAttributes', { changes: { gift: true } })])
      const read = await asked.read(etag)
      same('the version after a change', read.version, after.version)
      linesOf(read)
    },
  },
  {
    id: 'answer/restored',
    section: 'Epoch and version',
    rule: 'The same version with another check is neither a 304 nor a small answer: a restored backup went on.',
    async run({ subject, start }) {
      const restored = subject()
      const answer = await restored.send([start(), adding('a', 2, 'A')])
      const read = await restored.read(`"${answer.epoch}.${answer.version}.0123456789abcdef"`)
      same('lines', linesOf(read), linesOf(answer))
    },
  },
  {
    id: 'answer/unknown',
    section: 'Problems',
    rule: 'A GET of a session that does not exist is session-gone, and creates none.',
    async run({ subject }) {
      const unknown = subject()
      isProblem('a GET of no session', await unknown.get(), 'session-gone', [404, 410])
      isProblem('the same once more', await unknown.get(), 'session-gone', [404, 410])
    },
  },
  {
    id: 'answer/since-base',
    section: 'The answer',
    rule: 'acked, rejected and notices cover every writer of the request and all that came since base.',
    async run({ subject, start }) {
      const shared = subject()
      const first = await shared.send([start()])
      await shared.send([hopeless('b', 1), mutation('b', 2, 'clearItems')])
      await shared.send([mutation('a', 2, 'clearItems')])
      const news = await shared.send([mutation('c', 1, 'clearItems')], on(first))
      includes('acked since the base', news.acked, { a: 2, b: 2, c: 1 })
      same('rejections of b since the base', codesOf(news, 'b'), { 1: 'line-not-found' })
      among('notices since the base', news.notices, {
        id: 'b.1.line-not-found',
        code: 'line-not-found',
        line: 'NO-SUCH-LINE',
        writer: 'b',
        n: 1,
      })
      const resent = await shared.send([mutation('a', 1, 'clearItems')], on(news))
      includes('acked for a writer of the request', resent.acked, { a: 2 })
    },
  },
  {
    id: 'answer/since-etag',
    section: 'The answer',
    rule: 'For a GET, since base is since the version in If-None-Match; without it everything is told.',
    async run({ subject, start }) {
      const shared = subject()
      const { reply } = await shared.send([start(), hopeless('a', 2)])
      await shared.send([hopeless('b', 1)])
      const read = await shared.read(etagOf(reply))
      includes('acked since the ETag', read.acked, { b: 1 })
      same('rejections of b since the ETag', codesOf(read, 'b'), { 1: 'line-not-found' })
      const all = await shared.read()
      includes('all that is acked', all.acked, { a: 2, b: 1 })
      const codes = [codesOf(all, 'a'), codesOf(all, 'b')]
      holds(isSame(codes, [{ 2: 'line-not-found' }, { 1: 'line-not-found' }]), 'all that was rejected', shown(codes))
    },
  },
]
