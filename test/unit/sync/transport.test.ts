import { expect, onTestFinished, test, vi } from 'vitest'
import { fetchTransport, type FetchOptions, type TransportRequest } from '../../../src/sync/transport.ts'

const REQUEST: TransportRequest = {
  method: 'GET',
  integrationId: 'a/b c',
  keepalive: false,
  signal: new AbortController().signal,
}

function answering(response: () => Response) {
  const send = vi.fn<typeof fetch>(async () => response())
  return { send, transport: (options: FetchOptions = {}) => fetchTransport('/sync//', { fetch: send, ...options }) }
}

test.each([
  ['20', 20_000],
  ['0', undefined],
  ['Mon, 23 Nov 2026 10:00:30 GMT', 30_000],
  ['Mon, 23 Nov 2026 09:00:00 GMT', undefined],
  ['soon', undefined],
  [undefined, undefined],
])('Retry-After: %s is a wait of %s ms', async (value, expected) => {
  vi.useFakeTimers({ now: Date.parse('2026-11-23T10:00:00Z'), toFake: ['Date'] })
  onTestFinished(() => void vi.useRealTimers())
  const headers: HeadersInit = value === undefined ? {} : { 'Retry-After': value }
  const { transport } = answering(() => new Response('', { status: 503, headers }))
  expect((await transport()(REQUEST)).retryAfter).toBe(expected)
})

test('a request goes to its session, with the headers of the moment and never out of a cache', async () => {
  const { send, transport } = answering(() => new Response('{"a":1}', { headers: { ETag: '"2"' } }))
  let token = 0
  const ask = transport({ headers: async () => ({ Authorization: `Bearer ${++token}` }), credentials: 'include' })
  expect(await ask({ ...REQUEST, etag: '"1"' })).toEqual({
    status: 200,
    etag: '"2"',
    retryAfter: undefined,
    body: { a: 1 },
  })
  await ask({ ...REQUEST, method: 'POST', body: '{}', keepalive: true })
  const [[look, get], [push, post]] = send.mock.calls as [[string, RequestInit], [string, RequestInit]]
  expect(look).toBe('/sync/a%2Fb%20c')
  expect(get).toMatchObject({ method: 'GET', body: null, keepalive: false, credentials: 'include', cache: 'no-store' })
  expect(Object.fromEntries(get.headers as Headers)).toEqual({ authorization: 'Bearer 1', 'if-none-match': '"1"' })
  expect(push).toBe('/sync/a%2Fb%20c/mutations')
  expect(post).toMatchObject({ method: 'POST', body: '{}', keepalive: true, cache: 'no-store' })
  expect(Object.fromEntries(post.headers as Headers)).toEqual({
    authorization: 'Bearer 2',
    'content-type': 'application/json',
  })
})

test('a body that is no JSON is none', async () => {
  const { send, transport } = answering(() => new Response('<h1>Bad gateway</h1>', { status: 502 }))
  expect(await transport()(REQUEST)).toEqual({ status: 502, etag: undefined, retryAfter: undefined, body: undefined })
  expect(send.mock.calls[0]![1]).toMatchObject({ credentials: 'same-origin' })
})
