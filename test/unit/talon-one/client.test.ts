import { describe, expect, test } from 'vitest'
import type { UpstreamContext, UpstreamResult } from '../../../src/session/upstream.ts'
import { isTalonOneError, talonOne } from '../../../src/talon-one/index.ts'
import {
  createScript,
  empty,
  sessionOf,
  standing,
  START,
  type Answer,
  type Script,
} from '../../support/scripted-talon-one.ts'

const open = sessionOf()
const KEY = 'c0ffee'

const busy: Answer = {
  status: 409,
  body: { message: 'Too many requests are updating this session at the same time', errors: [], StatusCode: 409 },
}
const refused: Answer = {
  status: 400,
  body: {
    message: 'The submitted data was invalid',
    errors: [
      {
        title: 'Unknown',
        details: 'The attribute "Foo" is not defined on CustomerSession entities.',
        source: { pointer: '/attributes/Foo' },
      },
    ],
  },
}

describe('the request', () => {
  test('has the key of the application and says what it carries', async () => {
    const script = createScript()
    script.answer(empty)
    await script.ask(open)
    expect(script.calls[0]!.headers).toMatchObject({
      authorization: `ApiKey-v1 ${KEY}`,
      'content-type': 'application/json',
      accept: 'application/json',
    })
    expect(script.calls[0]!.body.responseContent).toEqual(['customerSession'])
  })

  test('has the key of its currency', async () => {
    const script = createScript({ apiKey: { EUR: 'eu', USD: 'us' } })
    script.answer(empty, empty)
    await script.upstream(open, script.context({ currency: 'USD' }))
    await script.upstream(open, script.context())
    expect(script.calls.map(({ headers }) => headers.authorization)).toEqual(['ApiKey-v1 us', 'ApiKey-v1 eu'])
  })

  test.each(['CHF', '', 'constructor'])('is not made in the currency "%s", which is told once', async currency => {
    const script = createScript({ apiKey: { EUR: 'eu' } })
    expect(await script.ask(open, { currency })).toMatchObject({ estimated: true })
    await script.ask(open, { currency })
    expect(script.calls).toEqual([])
    expect(script.reports.map(({ code }) => code)).toEqual(['not-sent'])
  })

  test.each(['https://shop.test/', 'https://shop.test///', 'https://shop.test'])('goes to %s', async baseUrl => {
    const script = createScript({ baseUrl })
    script.answer(empty)
    await script.ask(open)
    expect(script.calls[0]!.url).toBe('https://shop.test/v2/customer_sessions/cart-7f3a')
  })

  test('keeps the path of a base URL', async () => {
    const script = createScript({ baseUrl: 'http://proxy.test:8080/talon/' })
    script.answer(empty)
    await script.ask(open)
    expect(script.calls[0]!.url).toBe('http://proxy.test:8080/talon/v2/customer_sessions/cart-7f3a')
  })
})

describe('400 is final', () => {
  test('it is told with what Talon.One says, and the same is not sent again', async () => {
    const script = createScript()
    script.answer(refused)
    const result = await script.ask(open)
    expect(result).toMatchObject({ discounts: {} })
    expect(result.estimated).toBeUndefined()
    await script.ask(open)
    expect(script.deeds()).toEqual(['PUT open'])
    expect(script.reports).toHaveLength(1)
    expect(isTalonOneError(script.reports[0], 'refused')).toBe(true)
    expect(script.reports[0]).toMatchObject({
      status: 400,
      message:
        'Talon.One answered 400: The submitted data was invalid The attribute "Foo" is not defined on CustomerSession entities.',
      errors: [{ title: 'Unknown', pointer: '/attributes/Foo' }],
    })
  })

  test('another device does not make it better, another state may', async () => {
    const script = createScript({ identify: request => [request.url], identifierSalt: 's' })
    script.answer(refused)
    await script.ask(open, { request: new Request('https://shop.test/1') })
    await script.ask(open, { request: new Request('https://shop.test/2') })
    expect(script.deeds()).toEqual(['PUT open'])
    script.answer(empty)
    await script.ask(sessionOf({ attributes: { Bar: 1 } }))
    script.answer(refused)
    await script.ask(open)
    expect(script.deeds()).toEqual(['PUT open', 'PUT open'])
  })

  test.each([404, 405, 413, 422])('so is %i', async status => {
    const script = createScript()
    script.answer({ status, body: { message: 'no' } })
    await script.ask(open)
    await script.ask(open)
    expect(script.deeds()).toEqual(['PUT open'])
    expect(script.reports).toMatchObject([{ code: 'refused', status }])
  })

  const details = { title: 't', details: 'd', source: { pointer: '/a', parameter: 'p', line: 1, resource: 'r' } }
  test.each([
    { message: 'm' },
    { message: 'm', errors: null },
    { message: 'm', errors: [], StatusCode: 400 },
    { message: null, errors: [details] },
    { errors: [{ ...details, source: null }] },
    { errors: [{ ...details, source: { pointer: null } }] },
    { errors: [{ title: null }] },
    { message: 'm', errors: [null, 'x', 7] },
    { message: 'm', errors: 'none', more: 1 },
  ])('in the form %j', async body => {
    const script = createScript()
    script.answer({ status: 400, body })
    await script.ask(open)
    expect(script.reports).toMatchObject([{ code: 'refused' }])
  })

  test.each(['', '<html>Bad Request</html>', '{}', '[]', '{"error":"a proxy"}'])(
    'but not where somebody else says it: %s',
    async text => {
      const script = createScript()
      script.answer({ status: 400, text })
      await expect(script.ask(open)).rejects.toMatchObject({ code: 'unavailable', status: 400 })
    },
  )
})

describe('409 is tried again in place', () => {
  test('after pauses that grow', async () => {
    const script = createScript()
    script.answer(busy, busy, busy, empty)
    expect((await script.ask(open)).estimated).toBeUndefined()
    expect(script.pauses).toEqual([37.5, 75, 150])
    expect(script.reports).toEqual([])
    // It is another attempt, and no repetition of the answer.
    expect(new Set(script.calls.map(({ headers }) => headers['idempotency-key'])).size).toBe(4)
  })

  test('with jitter', async () => {
    const pauses = await Promise.all(
      [0, 0.999].map(async chance => {
        const script = createScript()
        script.answer(busy, empty)
        await script.ask(open, { chance: () => chance })
        return script.pauses[0]
      }),
    )
    expect(pauses).toEqual([25, 49.975])
  })

  test('while there is time; then surely nothing has happened', async () => {
    const script = createScript()
    script.answer(busy, busy, busy, busy, busy, busy)
    expect(await script.ask(open)).toMatchObject({ estimated: true })
    expect(script.pauses.reduce((sum, ms) => sum + ms)).toBeLessThan(1500)
    expect(script.reports).toMatchObject([{ code: 'busy', status: 409 }])
    // It was no outage.
    script.answer(empty)
    expect((await script.ask(open)).estimated).toBeUndefined()
  })
})

const start = (script: Script, context?: Partial<UpstreamContext>): Promise<UpstreamResult | Error> =>
  script.ask(open, context).catch((error: Error) => error)

describe('an outage', () => {
  const failures: [string, Answer, object][] = [
    ['500', { status: 500, body: { message: 'oops' } }, { code: 'unavailable', status: 500 }],
    ['502 of a proxy', { status: 502, text: '<html>' }, { code: 'unavailable', status: 502 }],
    ['503', { status: 503, text: '' }, { code: 'unavailable', status: 503 }],
    ['408', { status: 408, body: { message: 'm' } }, { code: 'unavailable', status: 408 }],
    ['a redirect', { status: 302, text: '' }, { code: 'unavailable', status: 302 }],
    ['the network', new TypeError('fetch failed'), { code: 'unavailable' }],
    ['no answer in time', 'nothing', { code: 'unavailable', message: 'Talon.One did not answer within 1500 ms.' }],
    ['a page instead of JSON', { text: '<html>welcome</html>' }, { code: 'unreadable', status: 200 }],
    ['half an answer', { text: '{"effects":[' }, { code: 'unreadable' }],
    ['nothing in it', { text: '' }, { code: 'unreadable' }],
    ['a list', { text: '[]' }, { code: 'unreadable' }],
    ['effects that are no list', { body: { effects: 'none' } }, { code: 'unreadable' }],
    ['a session that is none', { body: { effects: [], customerSession: 'x' } }, { code: 'unreadable' }],
  ]

  test.each(failures)('%s: nobody knows what became of the call', async (_, answer, error) => {
    const script = createScript()
    script.answer(answer)
    const outcome = await start(script)
    // Thrown, or with what is to be remembered of it reported.
    if (outcome instanceof Error) expect(outcome).toMatchObject(error)
    else expect([outcome, script.reports]).toMatchObject([{ estimated: true, memory: { unsettled: START } }, [error]])
    // And nobody waits for the next ones.
    expect(await script.ask(open)).toMatchObject({ estimated: true })
    expect(script.calls).toHaveLength(1)
  })

  const turnedAway: [number, string][] = [
    [401, 'key-refused'],
    [403, 'key-refused'],
    [429, 'busy'],
  ]

  test.each(turnedAway)('%i: surely nothing has happened, and it is told once', async (status, code) => {
    const script = createScript()
    for (let count = 0; count < 3; count++) {
      script.answer({ status, text: count === 0 ? 'no JSON' : '{"StatusCode":401,"message":null,"errors":null}' })
      expect(await script.ask(open)).toMatchObject({ estimated: true })
      expect(await script.ask(open)).toMatchObject({ estimated: true })
      script.now += 30_000
    }
    expect(script.calls).toHaveLength(3)
    expect(script.reports).toMatchObject([{ code, status }])
    script.answer(empty)
    await script.ask(open)
    script.answer({ status })
    await script.ask(open)
    expect(script.reports).toHaveLength(2)
    expect(new Set(script.calls.map(({ headers }) => headers['idempotency-key'])).size).toBe(5)
  })

  async function callsAfter(failures: number, chance: number, ms: number, answers: Answer[]): Promise<number> {
    const script = createScript()
    for (let count = 0; count < failures; count++) {
      script.answer({ status: 500 })
      await start(script, { chance: () => chance })
      script.now += count < failures - 1 ? 30_000 : ms
    }
    script.answer(...answers)
    await script.ask(open)
    return script.calls.length - failures
  }

  test.each([
    [1, 0.5, 250],
    [2, 0.5, 500],
    [3, 0.5, 1000],
    [7, 0.5, 15_000],
    [20, 0.5, 15_000],
    [3, 0.1, 200],
  ])('after %i failures and by chance %d no call is made for %i ms', async (failures, chance, ms) => {
    expect(await callsAfter(failures, chance, ms - 1, [])).toBe(0)
    expect(await callsAfter(failures, chance, ms, [empty])).toBe(1)
  })

  test('calls that fail together count once', async () => {
    const script = createScript()
    const failing = Array.from({ length: 10 }, () => start(script))
    script.answer(...Array.from({ length: 10 }, (): Answer => ({ status: 500 })))
    await Promise.all(failing)
    expect(script.calls).toHaveLength(10)
    script.now += 250
    script.answer(empty)
    expect((await script.ask(open)).estimated).toBeUndefined()
  })

  test('after a pause one goes ahead, and the others do not wait for it', async () => {
    const script = createScript()
    let made = 0
    let release = (): void => {}
    const held = new Promise<void>(resolve => (release = resolve))
    const upstream = talonOne({
      baseUrl: 'https://shop.test',
      apiKey: KEY,
      fetch: async () => {
        made++
        if (made === 1) return new Response('', { status: 500 })
        await held
        return new Response('{"effects":[]}')
      },
    })
    const ask = async () => upstream(open, script.context())
    await ask().catch(() => {})
    script.now += 250
    const first = ask()
    const others = await Promise.all([ask(), ask(), ask()])
    expect(others.map(({ estimated }) => estimated)).toEqual([true, true, true])
    release()
    expect((await first).estimated).toBeUndefined()
    expect((await Promise.all([ask(), ask()])).map(({ estimated }) => estimated)).toEqual([undefined, undefined])
    expect(made).toBe(4)
  })

  test('of one application is none of another', async () => {
    const script = createScript({ apiKey: { EUR: 'eu', USD: 'us' } })
    script.answer({ status: 500 })
    await start(script)
    script.answer(empty)
    expect((await script.ask(open, { currency: 'USD' })).estimated).toBeUndefined()
  })

  test('leaves what was interrupted as it is', async () => {
    const script = createScript()
    script.answer({ status: 500 })
    await start(script)
    const result = await script.ask(open, { interrupted: START })
    expect(result).toMatchObject({ estimated: true, again: START + 30_000 })
    expect(result.memory).toMatchObject({ unsettled: START })
  })
})

describe('the time limit', () => {
  test('holds for all calls of a change together', async () => {
    const script = createScript()
    script.answer(call => {
      script.now += 1500
      return standing('open', { at: call.url })
    })
    const result = await script.ask(sessionOf({ state: 'closed' }), { interrupted: START })
    expect(result).toMatchObject({ estimated: true, again: START + 30_000, memory: { standing: 'open' } })
    expect(script.deeds()).toEqual(['GET'])
  })

  test('what was done before it is remembered', async () => {
    const script = createScript()
    script.answer(empty)
    await script.ask(sessionOf({ state: 'closed' }))
    script.answer(call => {
      script.now += 1500
      return { body: { effects: [], at: call.url } }
    })
    expect(await script.ask(open)).toMatchObject({ estimated: true, memory: { standing: 'open' } })
    script.answer(empty)
    await script.ask(open)
    expect(script.deeds()).toEqual(['PUT closed', 'PUT /reopen', 'PUT open'])
  })

  test('aborts the call', async () => {
    let signal: AbortSignal | null | undefined
    let expire = (): void => {}
    const upstream = talonOne({
      baseUrl: 'https://shop.test',
      apiKey: KEY,
      fetch: (_, init) => {
        signal = init.signal
        expire()
        return new Promise((_, reject) => {
          signal!.addEventListener('abort', () => {
            reject(signal!.reason as Error)
          })
        })
      },
    })
    const context = createScript().context({ pause: () => new Promise(resolve => (expire = resolve)) })
    await expect(upstream(open, context)).rejects.toMatchObject({ code: 'unavailable' })
    expect(signal!.aborted).toBe(true)
  })

  test.each(['before', 'while'])('the signal of the server ends it %s it is made', async when => {
    const controller = new AbortController()
    const script = createScript()
    const reason = new Error('enough')
    if (when === 'before') controller.abort(reason)
    else {
      script.answer(() => {
        controller.abort(reason)
        return new Error('aborted')
      })
    }
    await expect(script.ask(open, { signal: controller.signal })).rejects.toBe(reason)
    expect(script.calls).toHaveLength(when === 'before' ? 0 : 1)
  })

  test('a platform that ignores the signal does not hold it up', async () => {
    const controller = new AbortController()
    const script = createScript()
    script.answer(() => {
      controller.abort(new Error('enough'))
      return 'nothing'
    })
    await expect(script.ask(open, { signal: controller.signal })).rejects.toThrow('enough')
  })
})

describe('the key of the application', () => {
  const secret = 'deadbeefdeadbeef'

  function everythingOf(script: Script, outcome: UpstreamResult | Error): string {
    const errors = [...script.reports, outcome].filter(value => value instanceof Error)
    const texts = errors.map(error => [error.message, error.stack, JSON.stringify(error), String(error.cause)].join())
    return [...texts, JSON.stringify(outcome), JSON.stringify(script.memory)].join()
  }

  test.each([
    ['an error of the platform', new TypeError(`cannot send ApiKey-v1 ${secret}`)],
    ['an error below that', new TypeError('failed', { cause: Object.assign(new Error(secret), { code: secret }) })],
    [
      'a refusal',
      {
        status: 400,
        body: { message: secret, errors: [{ title: secret, details: secret, source: { pointer: secret } }] },
      },
    ],
    ['a refused key', { status: 401, body: { message: secret } }],
    ['a failure', { status: 500, body: { message: secret } }],
    ['a page', { text: secret }],
  ] satisfies [string, Answer][])('is in no error and no memory: %s', async (_, answer) => {
    const script = createScript({ apiKey: secret })
    script.answer(answer)
    const outcome = await start(script)
    expect(everythingOf(script, outcome)).not.toContain(secret)
    expect(script.calls[0]!.headers.authorization).toContain(secret)
  })
})
