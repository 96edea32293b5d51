import { describe, expect, test } from 'vitest'
import { isSessionCartError } from '../../../src/errors.ts'
import { isTalonOneError, talonOne, TalonOneError } from '../../../src/talon-one/index.ts'
import { digest } from '../../../src/talon-one/digest.ts'
import { createScript, empty, sessionOf, standing, type Answer } from '../../support/scripted-talon-one.ts'

const good = { baseUrl: 'https://shop.test', apiKey: 'c0ffee' }

function messageOf(options: object): string {
  try {
    talonOne({ ...good, ...options })
  } catch (error) {
    if (isSessionCartError(error, 'invalid-option')) return error.message
    throw error
  }
  return 'nothing thrown'
}

describe('options are checked at once', () => {
  test.each([
    { baseUrl: '' },
    { baseUrl: 'shop.test' },
    { baseUrl: 'ftp://shop.test' },
    { baseUrl: 'javascript:alert(1)' },
    { baseUrl: 'https://shop.test/?a=1' },
    { baseUrl: 'https://shop.test/#a' },
    { baseUrl: 'https://user:pass@shop.test' },
    { baseUrl: undefined },
    { baseUrl: new URL('https://shop.test') },
    { apiKey: undefined },
    { apiKey: '' },
    { apiKey: 'two words' },
    { apiKey: 'line\n' },
    { apiKey: 'é' },
    { apiKey: {} },
    { apiKey: { EUR: '' } },
    { apiKey: ['a'] },
    { timeout: 0 },
    { timeout: -1 },
    { timeout: NaN },
    { timeout: Infinity },
    { timeout: '1500' },
    { lateness: -1 },
    { lateness: NaN },
    { lineKey: 'sku' },
    { guestProfile: 'guest' },
    { identify: [], identifierSalt: 'a' },
    { identify: () => [] },
    { identifierSalt: '' },
    { identifierSalt: 7 },
    { extend: {} },
    { fetch: 'fetch' },
  ])('%o', options => {
    const [name] = Object.keys(options)
    expect(messageOf(options)).toMatch(/^\w+ is .+; it has to be .+\.$/)
    expect(messageOf(options)).toContain(
      name === 'identify' && typeof options.identify === 'function' ? 'identifierSalt' : name,
    )
  })

  test.each([
    good,
    { apiKey: { EUR: 'a', USD: 'b' } },
    { baseUrl: 'http://127.0.0.1:8080/path/' },
    { timeout: 1, lateness: 0 },
    { identifierSalt: 'salt' },
    { identify: () => [], identifierSalt: 'salt' },
  ])('%o is fine', options => {
    expect(messageOf(options)).toBe('nothing thrown')
  })

  test.each([
    { apiKey: 'my hushed' },
    { apiKey: { EUR: 'my hushed' } },
    { baseUrl: 'https://u:hushed@a' },
    { identifierSalt: ['hushed'] },
  ])('no message tells a secret: %o', options => {
    expect(messageOf(options)).toContain('it has to be')
    expect(messageOf(options)).not.toContain('hushed')
  })
})

describe('identifiers', () => {
  const request = new Request('https://shop.test', { headers: { 'x-forwarded-for': '10.0.0.1', cookie: 'device=1' } })
  const identify = (asked: Request) => [asked.headers.get('x-forwarded-for')!, asked.headers.get('cookie')!]
  const identifierSalt = 'grain'
  const hashes = (...texts: string[]) => Promise.all(texts.map(text => digest(`grain:${text}`)))

  test('are salted hashes, the own ones of the server first', async () => {
    const script = createScript({ identify, identifierSalt })
    script.answer(empty)
    await script.ask(sessionOf({ identifiers: ['browser'] }), { request })
    expect(script.calls[0]!.body.customerSession.identifiers).toEqual(await hashes('10.0.0.1', 'device=1', 'browser'))
    expect(script.calls[0]!.body.customerSession.identifiers[0]).toMatch(/^[\da-f]{64}$/)
    expect(JSON.stringify(script.calls[0]!.body) + JSON.stringify(script.memory)).not.toMatch(/10\.0\.0\.1|grain/)
  })

  test('depend on the salt', async () => {
    const sent = await Promise.all(
      ['grain', 'other'].map(async identifierSalt => {
        const script = createScript({ identifierSalt })
        script.answer(empty)
        await script.ask(sessionOf({ identifiers: ['a'] }))
        return script.calls[0]!.body.customerSession.identifiers[0]
      }),
    )
    expect(sent[0]).not.toBe(sent[1])
  })

  test('are those of the last request where no browser asks, as when a session is closed', async () => {
    const script = createScript({ identify, identifierSalt })
    script.answer(empty)
    await script.ask(sessionOf(), { request })
    script.answer(empty)
    await script.ask(sessionOf({ state: 'closed' }))
    expect(script.calls.map(({ body }) => body.customerSession.identifiers)).toEqual([
      await hashes('10.0.0.1', 'device=1'),
      await hashes('10.0.0.1', 'device=1'),
    ])
  })

  test('are five at most, each once', async () => {
    const own = ['1', '2', '2', '', '3', '4']
    const script = createScript({ identify: () => own, identifierSalt })
    script.answer(empty)
    await script.ask(sessionOf({ identifiers: ['4', '5', '6', '7', '8'] }), { request })
    expect(script.calls[0]!.body.customerSession.identifiers).toEqual(await hashes('1', '2', '3', '4', '5'))
  })

  test('of the session alone are not sent without a salt, which is told once', async () => {
    const script = createScript()
    script.answer(empty, empty)
    await script.upstream(sessionOf({ identifiers: ['a'] }), script.context())
    await script.upstream(sessionOf({ identifiers: ['b'] }), script.context({ epoch: 'e2' }))
    expect(script.calls.map(({ body }) => body.customerSession.identifiers)).toEqual([[], []])
    expect(script.reports.map(({ code }) => code)).toEqual(['not-sent'])
  })

  test('that cannot be told are told to the operator, and the ones before are sent', async () => {
    let isBroken = false
    const script = createScript({
      identify: async asked => {
        if (isBroken) throw new Error('no address')
        return identify(asked)
      },
      identifierSalt,
    })
    script.answer(empty)
    await script.ask(sessionOf(), { request })
    isBroken = true
    script.answer(empty)
    await script.ask(sessionOf(), { request })
    expect(script.calls[1]!.body.customerSession.identifiers).toEqual(await hashes('10.0.0.1', 'device=1'))
    expect(script.reports.map(({ message }) => message)).toEqual(['no address'])
  })
})

describe('functions of the shop that fail', () => {
  test.each(['extend', 'guestProfile'] as const)('%s: it is told, and nothing is sent', async option => {
    const script = createScript({
      [option]: () => {
        throw new Error('broken')
      },
    })
    script.memory = { calls: 3, identifiers: [] }
    expect(await script.ask(sessionOf(), { interrupted: 7 })).toEqual({
      estimated: true,
      memory: { calls: 3, identifiers: [] },
      again: 7,
    })
    expect(script.calls).toEqual([])
    expect(script.reports.map(({ message }) => message)).toEqual(['broken'])
  })
})

describe('a preview', () => {
  const discount = { effectType: 'setDiscount', props: { name: 'A', value: 2 } }
  const answer: Answer = { body: { effects: [discount], customerSession: { firstSession: true, applicationId: 8 } } }

  test('asks what would be, with the whole session, and keeps nothing', async () => {
    const script = createScript()
    script.memory = { calls: 3, identifiers: [] }
    script.answer(answer)
    const result = await script.upstream.preview(sessionOf({ coupon: 'A' }), script.context())
    expect(result).toMatchObject({ discounts: { A: 2 }, firstSession: true, applicationId: 8 })
    expect(result).not.toHaveProperty('memory')
    expect(script.calls.map(({ deed, url }) => [deed, url])).toEqual([
      ['PUT ?dry=true', 'https://shop.test/v2/customer_sessions/cart-7f3a?dry=true'],
    ])
    expect(script.calls[0]!.body.customerSession).toMatchObject({ state: 'open', couponCodes: ['A'] })
    expect(script.calls[0]!.headers).not.toHaveProperty('idempotency-key')
  })

  test.each(['closed', 'partially_returned', 'cancelled'] as const)('of a %s session reads what is', async state => {
    const script = createScript()
    script.answer(standing(state, {}, [discount]), { status: 404, body: {} })
    expect(await script.upstream.preview(sessionOf({ state }), script.context())).toMatchObject({ discounts: { A: 2 } })
    expect(await script.upstream.preview(sessionOf({ state }), script.context())).toEqual({})
    expect(script.deeds()).toEqual(['GET', 'GET'])
    expect(script.reports).toEqual([])
  })

  test('that is refused is told', async () => {
    const script = createScript()
    script.answer({ status: 400, body: { message: 'no' } })
    expect(await script.upstream.preview(sessionOf(), script.context())).toEqual({})
    expect(script.reports).toMatchObject([{ code: 'refused' }])
  })

  test('in an outage is estimated, once it is known', async () => {
    const script = createScript()
    script.answer({ status: 503 })
    await expect(script.upstream.preview(sessionOf(), script.context())).rejects.toMatchObject({ status: 503 })
    expect(await script.upstream.preview(sessionOf(), script.context())).toEqual({ estimated: true })
    expect(script.calls).toHaveLength(1)
  })
})

test('an error is known by its name and its code, also one of another copy', () => {
  const error = new TalonOneError('busy', 'm', { status: 429 })
  expect([isTalonOneError(error), isTalonOneError(error, 'busy'), isTalonOneError(error, 'refused')]).toEqual([
    true,
    true,
    false,
  ])
  expect(isTalonOneError({ name: 'TalonOneError', code: 'busy' }, 'busy')).toBe(true)
  for (const other of [undefined, null, 7, new Error('m')]) expect(isTalonOneError(other)).toBe(false)
  expect(error).toMatchObject({ status: 429, errors: [] })
})
