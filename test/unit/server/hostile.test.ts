import { expect, test } from 'vitest'
import { createSessionHandler, memoryStore, type SessionHandlerOptions } from '../../../src/server/index.ts'
import { isText } from '../../../src/session/json.ts'
import { adding, mutation, post, raw, start } from '../../support/server-client.ts'

const PROBLEM = 'urn:session-cart:problem:'
const JSON_TYPE = { 'Content-Type': 'application/json' }

async function createVictim(options: Partial<SessionHandlerOptions> = {}) {
  const errors: unknown[] = []
  const store = memoryStore()
  const handler = createSessionHandler({ store, onError: error => errors.push(error), ...options })
  await post(handler, 's', [start(), adding(2, 'A', 3)])
  const before = await store.read('s')
  return {
    handler,
    errors,
    send: (body: BodyInit, headers: object = JSON_TYPE, path = '/api/sessions/s/mutations') =>
      raw(handler, path, { method: 'POST', headers: headers as Record<string, string>, body }),
    isUntouched: async () => expect([await store.read('s'), errors]).toEqual([before, []]),
  }
}

const ODD = [null, true, false, 0, -1, 1.5, 1e21, '', 'x', '\0', '\ud800', [], [[]], {}, { a: 1 }, '__proto__']

test('a body of another type is refused in words of its own, and nothing happens', async () => {
  const { send, isUntouched } = await createVictim()
  const body = JSON.stringify({ v: 1, base: 0, mutations: [adding(3, 'B')] })
  for (const [headers, status] of [
    [{}, 415],
    [{ 'Content-Type': 'text/plain' }, 415],
    [{ 'Content-Type': 'application/jsonp' }, 415],
    [{ 'Content-Type': 'multipart/form-data; boundary=a' }, 415],
    [{ ...JSON_TYPE, 'Content-Encoding': 'gzip' }, 415],
    [{ ...JSON_TYPE, 'Content-Length': '262145' }, 413],
  ] as const) {
    expect([headers, (await send(body, headers)).status]).toEqual([headers, status])
  }
  await isUntouched()
  expect((await send(body, { 'Content-Type': 'Application/JSON ; charset=utf-8' })).status).toBe(200)
})

test.for(
  [
    ['', 'malformed'],
    ['<!doctype html><title>404</title>', 'malformed'],
    ['{"v":1,"base":0,"mutations":[', 'malformed'],
    ['null', 'malformed'],
    ['[]', 'malformed'],
    ['"text"', 'malformed'],
    ['7', 'malformed'],
    ['{"v":"1","base":0,"mutations":[]}', 'malformed'],
    ['{"v":1,"base":0,"mutations":{"length":1}}', 'malformed'],
    ['{"v":1,"base":0,"mutations":"[]"}', 'malformed'],
    ['{"v":1e999,"base":0,"mutations":[]}', 'unsupported-version'],
    [`{"v":1,"base":0,"mutations":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 'malformed'],
    [`{"v":1,"base":0,"mutations":[],"x":${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}}`, undefined],
  ].map(([body, problem]) => [body!.slice(0, 40), body!, problem] as const),
)('the body %s is answered as what it is', async ([, body, problem]) => {
  const { send, isUntouched } = await createVictim()
  const answer = await send(body)
  expect([answer.status < 500, answer.body.type]).toEqual([true, problem && `${PROBLEM}${problem}`])
  await isUntouched()
})

test('ten thousand mutations and ten megabytes are too large, each by itself', async () => {
  const { send, isUntouched } = await createVictim({ maxBodySize: 20_000_000 })
  const many = Array.from({ length: 10_000 }, (_, index) => adding(index + 3, 'B'))
  const answers = [
    await send(JSON.stringify({ v: 1, base: 0, mutations: many })),
    await (await createVictim()).send(JSON.stringify({ v: 1, base: 0, mutations: [], x: 'x'.repeat(10_000_000) })),
  ]
  const tooLarge = [413, `${PROBLEM}too-large`]
  expect(answers.map(({ status, body }) => [status, body.type])).toEqual([tooLarge, tooLarge])
  await isUntouched()
})

test('bytes that are no UTF-8 are malformed', async () => {
  const { send, isUntouched } = await createVictim()
  const bytes = new TextEncoder().encode('{"v":1,"base":0,"epoch":"x","mutations":[]}')
  bytes[bytes.indexOf(0x78)] = 0xff
  expect((await send(bytes)).body.type).toBe(`${PROBLEM}malformed`)
  await isUntouched()
})

test('a body that breaks off is refused, and is no fault of the server', async () => {
  const { handler, isUntouched } = await createVictim()
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode('{"v":1,'))
      controller.error(new Error('reset'))
    },
  })
  const init = { method: 'POST', headers: JSON_TYPE, body, duplex: 'half' } as RequestInit
  expect((await raw(handler, '/api/sessions/s/mutations', init)).status).toBe(400)
  await isUntouched()
})

test('a wrong type in any field of the request is malformed', async () => {
  const { send, isUntouched } = await createVictim()
  const isFine: Record<string, (value: unknown) => boolean> = {
    base: value => value === 0,
    epoch: () => false,
    check: value => ['', 'x', '__proto__'].includes(value as string),
    mutations: value => Array.isArray(value) && value.length === 0,
  }
  for (const [field, fine] of Object.entries(isFine)) {
    for (const value of ODD.filter(value => !fine(value))) {
      const { status } = await send(JSON.stringify({ v: 1, base: 0, mutations: [], [field]: value }))
      const isOtherEpoch = field === 'epoch' && isText(value)
      expect([field, value, status]).toEqual([field, value, isOtherEpoch ? 410 : 400])
    }
  }
  await isUntouched()
})

test('a wrong type anywhere in a mutation is malformed and names it', async () => {
  const { send, isUntouched } = await createVictim()
  const wrongs = [
    ...ODD.map(value => ({ ...adding(3, 'B'), writer: value })).filter(
      ({ writer }) => !/^[\w-]+$/.test(String(writer)) || typeof writer !== 'string',
    ),
    ...ODD.map(value => ({ ...adding(3, 'B'), n: value })),
    ...ODD.filter(value => !isText(value)).map(value => ({
      ...adding(3, 'B'),
      name: value,
    })),
    ...ODD.filter(value => !isText(value)).map(value => ({
      ...adding(3, 'B'),
      at: value,
    })),
    ...ODD.map(value => mutation(3, 'addItem', value as object)),
    ...ODD.map(value => adding(3, 'B', value as number)),
    ...ODD.filter(value => !isText(value) || !value).map(value => adding(3, value as string)),
    ...ODD,
  ]
  for (const wrong of wrongs) {
    const { status, body } = await send(
      JSON.stringify({ v: 1, base: 0, mutations: [mutation(3, 'clearItems'), wrong] }),
    )
    expect([wrong, status, body.type, body.index]).toEqual([wrong, 400, `${PROBLEM}malformed`, 1])
  }
  await isUntouched()
})
