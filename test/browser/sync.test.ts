import { expect, onTestFinished, test } from 'vitest'
import { createSessionCart, type SessionCart, type SessionCartOptions } from '../../src/index.ts'
import { createFakeClock, settle, track, type FakeClock } from '../support/clock.ts'
import { createBackend, createDevice, type Backend } from '../support/device.ts'

const MUG = { sku: 'MUG-01', price: 12.5 }
const PROBLEM = 'urn:session-cart:problem:'

interface World {
  readonly cart: SessionCart
  readonly clock: FakeClock
  readonly backend: Backend
}

async function createWorld(
  options: Partial<SessionCartOptions> = {},
  backend: Backend = createBackend(),
  clock: FakeClock = createFakeClock(),
): Promise<World> {
  const cart = createSessionCart({
    currency: 'EUR',
    storage: 'memory',
    endpoint: '/api/sessions',
    fetch: backend.fetch,
    clock,
    random: { bytes: array => crypto.getRandomValues(array), number: () => 1 },
    ...options,
  })
  onTestFinished(() => cart.dispose())
  await cart.ready
  await clock.advance(0)
  backend.requests.length = 0
  return { cart, clock, backend }
}

function problem(name: string, status: number, fields: object = {}): Response {
  return new Response(JSON.stringify({ type: PROBLEM + name, status, ...fields }), {
    status,
    headers: { 'Content-Type': 'application/problem+json' },
  })
}

/** Lets time go on until nothing is pending; bodies of real requests take their own time to be read. */
async function drain({ cart, clock }: World, step = 100): Promise<void> {
  for (let turn = 0; turn < 500 && cart.$status.get().pending; turn++) await clock.advance(step)
  expect(cart.$status.get().pending).toBe(0)
}

/** Answers the next requests with these, then as usual. */
function answerWith(backend: Backend, ...answers: (() => Response | Promise<Response>)[]): void {
  backend.fault = async (_request, answer) => (await answers.shift()?.()) ?? answer()
}

test('a change is sent 100 ms after the last one, with everything given until then', async () => {
  const { cart, clock, backend } = await createWorld()
  cart.addItem(MUG)
  await clock.advance(60)
  cart.changeQuantity('MUG-01', 1)
  await clock.advance(99)
  expect(backend.requests).toEqual([])
  await clock.advance(1)
  expect(backend.requests).toHaveLength(1)
  expect(backend.requests[0]!.body).toMatchObject({ v: 1, base: 0 })
  expect(backend.requests[0]!.body.mutations.map(({ n, name }: any) => [n, name])).toEqual([
    [1, 'start'],
    [2, 'addItem'],
    [3, 'changeQuantity'],
  ])
  expect(cart.$status.get()).toMatchObject({ phase: 'idle', pending: 0 })
})

test('100 edits spread over a second are at most 2 requests', async () => {
  const { cart, clock, backend } = await createWorld()
  backend.fault = (_request, answer) => new Promise(resolve => clock.after(50, () => resolve(answer())))
  cart.addItem(MUG)
  for (let edit = 1; edit < 100; edit++) {
    await clock.advance(10)
    cart.changeQuantity('MUG-01', 1)
  }
  await clock.advance(2000)
  expect(cart.$status.get().pending).toBe(0)
  expect(backend.requests.length).toBeLessThanOrEqual(2)
})

test('coupon, referral and state go out at once', async () => {
  const { cart, clock, backend } = await createWorld()
  cart.addItem(MUG)
  cart.applyCoupon('WELCOME10')
  await clock.advance(0)
  expect(backend.requests).toHaveLength(1)
  cart.removeCoupon()
  await clock.advance(0)
  expect(backend.requests).toHaveLength(2)
})

test('what is given while a request is on its way goes out after it', async () => {
  const { cart, clock, backend } = await createWorld()
  let release = (): void => {}
  backend.fault = async (_request, answer) => {
    await new Promise<void>(resolve => (release = resolve))
    return answer()
  }
  cart.addItem(MUG)
  await clock.advance(100)
  cart.changeQuantity('MUG-01', 4)
  await clock.advance(5000)
  expect(cart.$status.get()).toMatchObject({ phase: 'syncing', pending: 3 })
  backend.fault = null
  release()
  await clock.advance(100)
  expect(backend.requests.map(({ body }) => body.mutations.length)).toEqual([2, 1])
  expect(cart.$quantity.get()).toBe(5)
})

test('an answer keeps what was given after the request on top', async () => {
  const { cart, clock, backend } = await createWorld()
  let release = (): void => {}
  backend.fault = async (_request, answer) => {
    const response = await answer()
    await new Promise<void>(resolve => (release = resolve))
    return response
  }
  cart.addItem(MUG, 2)
  await clock.advance(100)
  cart.changeQuantity('MUG-01', 3)
  release()
  await settle()
  expect(cart.$quantity.get()).toBe(5)
  expect(cart.$status.get().pending).toBe(1)
})

test('a failing network is tried again with a wait that doubles up to 30 s', async () => {
  const { cart, clock, backend } = await createWorld()
  backend.fault = () => Promise.reject(new TypeError('no network'))
  const times: number[] = []
  const start = clock.now()
  backend.fault = () => {
    times.push(clock.now() - start)
    return Promise.reject(new TypeError('no network'))
  }
  cart.addItem(MUG)
  await clock.advance(200_000)
  const waits = times.slice(1).map((time, index) => time - times[index]!)
  expect(waits.slice(0, 8)).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000])
  expect(cart.$status.get()).toMatchObject({ phase: 'waiting', online: false, pending: 2, error: { code: 'network' } })
  backend.fault = null
  await clock.advance(30_000)
  expect(cart.$status.get()).toMatchObject({ phase: 'idle', online: true, pending: 0, error: undefined })
})

test('after an answer the waits begin anew', async () => {
  const { cart, clock, backend } = await createWorld()
  const times: number[] = []
  let isDown = true
  backend.fault = async (_asked, answer) => {
    if (isDown) times.push(clock.now())
    return isDown ? Promise.reject(new TypeError('no network')) : answer()
  }
  cart.addItem(MUG)
  await clock.advance(10_000)
  isDown = false
  await clock.advance(30_000)
  expect(cart.$status.get().pending).toBe(0)
  isDown = true
  times.length = 0
  cart.changeQuantity('MUG-01', 1)
  await clock.advance(2000)
  expect(times.slice(1).map((time, index) => time - times[index]!)).toEqual([500, 1000])
})

for (const [name, answer] of [
  ['a page of HTML', () => new Response('<html>sign in</html>', { status: 200 })],
  ['half a body', () => new Response('{"v":1,"epoch":"e_1","vers', { status: 200 })],
  ['a server error', () => new Response('oops', { status: 500 })],
  ["a proxy's 404", () => new Response('not here', { status: 404 })],
  ["a firewall's 400", () => new Response('{"error":"no"}', { status: 400 })],
  ['a foreign problem type', () => new Response('{"type":"about:blank"}', { status: 410 })],
  [
    'a problem of another protocol with a name of ours',
    () => new Response(`{"type":"${'x'.repeat(PROBLEM.length)}session-gone"}`, { status: 410 }),
  ],
  ['a 401 of somebody else', () => new Response('', { status: 401 })],
  ['another version of the protocol in a 200', () => new Response('{"v":2}', { status: 200 })],
  [
    'another session',
    () =>
      Response.json({ v: 1, epoch: 'e_1', version: 9, acked: {}, session: { integrationId: 'other', cartItems: [] } }),
  ],
  ['wrong types', () => Response.json({ v: 1, epoch: 5, version: '1', acked: [], session: 3 })],
  [
    'a session with broken lines',
    () =>
      Response.json({ v: 1, epoch: 'e', version: 1, acked: {}, session: { cartItems: [{ sku: 'A', quantity: -5 }] } }),
  ],
] as const) {
  test(`${name} is a failure of the network: nothing is lost and it is tried again`, async () => {
    const { cart, clock, backend } = await createWorld()
    answerWith(backend, answer, answer)
    cart.addItem(MUG, 2)
    await clock.advance(100)
    expect(cart.$status.get()).toMatchObject({ pending: 2, error: { code: 'network' } })
    expect(cart.$quantity.get()).toBe(2)
    await clock.advance(10_000)
    expect(cart.$status.get()).toMatchObject({ phase: 'idle', pending: 0 })
    expect(cart.$quantity.get()).toBe(2)
  })
}

test('Retry-After is obeyed, within reason', async () => {
  const { cart, clock, backend } = await createWorld()
  answerWith(
    backend,
    () => new Response('', { status: 503, headers: { 'Retry-After': '20' } }),
    () => new Response('', { status: 429, headers: { 'Retry-After': '86400' } }),
  )
  cart.addItem(MUG)
  await clock.advance(100 + 19_999)
  expect(backend.requests).toHaveLength(1)
  await clock.advance(1)
  expect(backend.requests).toHaveLength(2)
  await clock.advance(300_000)
  expect(cart.$status.get().pending).toBe(0)
})

test('a request without an answer counts as failed after the timeout', async () => {
  const { cart, clock, backend } = await createWorld({ timeout: 3000 })
  answerWith(backend, () => new Promise<Response>(() => {}))
  cart.addItem(MUG)
  await clock.advance(100 + 3000)
  expect(cart.$status.get()).toMatchObject({ phase: 'waiting', error: { code: 'network' } })
  await clock.advance(500)
  expect(cart.$status.get().pending).toBe(0)
})

test('an answer that was lost does not make the server do anything twice', async () => {
  const { cart, clock, backend } = await createWorld()
  backend.fault = async (_request, answer) => {
    await answer()
    backend.fault = null
    throw new TypeError('the connection broke')
  }
  cart.addItem(MUG, 2)
  await clock.advance(100)
  cart.changeQuantity('MUG-01', 1)
  await clock.advance(10_000)
  const stored = await backend.handler.sessions.get(cart.$session.get().integrationId)
  expect(stored?.session.cartItems).toEqual([{ ...MUG, quantity: 3 }])
  expect(cart.$session.get()).toEqual(stored?.session)
})

test('a refused coupon is rolled back alone and told with its reason', async () => {
  const backend = createBackend({
    upstream: async ({ coupon }) =>
      coupon === 'OLD' ? { rejected: [{ kind: 'coupon', reason: 'CouponExpired' }] } : {},
  })
  const { cart, clock } = await createWorld({}, backend)
  cart.addItem(MUG)
  const refused = cart.applyCoupon('OLD')
  cart.changeQuantity('MUG-01', 1)
  expect(cart.$session.get().coupon).toBe('OLD')
  await clock.advance(2000)
  expect(await refused.synced).toMatchObject({ status: 'rejected', code: 'coupon-rejected', reason: 'CouponExpired' })
  expect(cart.$session.get()).toMatchObject({ coupon: '', total: 25 })
  expect(cart.$notices.get()).toMatchObject([{ code: 'coupon-rejected', reason: 'CouponExpired' }])
})

test('the totals are estimated until the server has confirmed them', async () => {
  const backend = createBackend({ upstream: async ({ total }) => ({ discounts: { WELCOME10: total / 10 } }) })
  const { cart, clock } = await createWorld({}, backend)
  cart.addItem(MUG, 2)
  expect(cart.$totals.get()).toMatchObject({ total: 25, discount: 0, payable: 25, estimated: true })
  await clock.advance(100)
  expect(cart.$totals.get()).toMatchObject({ total: 25, discount: 2.5, payable: 22.5, estimated: false })
})

test('a sign-in that expired pauses, keeps everything, and goes on after a wake-up with fresh headers', async () => {
  let token = 'old'
  const { cart, clock, backend } = await createWorld({ headers: () => ({ Authorization: token }) })
  backend.fault = async ({ request }, answer) =>
    request.headers.get('Authorization') === 'old' ? problem('unauthorized', 401) : answer()
  cart.addItem(MUG)
  await clock.advance(600_000)
  expect(backend.requests).toHaveLength(1)
  expect(cart.$status.get()).toMatchObject({ phase: 'paused', pending: 2, error: { code: 'unauthorized' } })
  cart.changeQuantity('MUG-01', 1)
  token = 'new'
  await cart.flush()
  expect(cart.$status.get()).toMatchObject({ phase: 'idle', pending: 0, error: undefined })
  expect(cart.$quantity.get()).toBe(2)
})

test('a session the server lost keeps its lines, rejects what is pending, and can be carried on', async () => {
  const { cart, clock, backend } = await createWorld()
  cart.addItem(MUG, 2)
  await clock.advance(100)
  answerWith(backend, () => problem('session-gone', 410))
  const receipt = cart.changeQuantity('MUG-01', 1)
  await clock.advance(100)
  expect(await receipt.synced).toMatchObject({ status: 'rejected', code: 'session-gone' })
  expect(cart.$status.get()).toMatchObject({ phase: 'gone', pending: 0, error: { code: 'session-gone' } })
  expect(cart.$quantity.get()).toBe(3)
  expect(cart.$notices.get()).toMatchObject([{ code: 'session-gone' }])
  expect(() => cart.addItem(MUG)).toThrow(expect.objectContaining({ code: 'session-gone' }))
  await expect(cart.flush()).rejects.toMatchObject({ code: 'session-gone' })
  const lost = cart.$session.get().integrationId
  cart.startSession({ keep: true })
  await clock.advance(100)
  expect(cart.$status.get()).toMatchObject({ phase: 'idle', pending: 0 })
  expect(cart.$session.get()).toMatchObject({ total: 37.5 })
  expect(cart.$session.get().integrationId).not.toBe(lost)
})

test('one malformed mutation is found by halving, burned and reported; all others arrive', async () => {
  const world = await createWorld()
  const { cart, backend } = world
  backend.fault = async ({ body }, answer) =>
    body.mutations.some(({ args }: any) => args.code === 'ODD') ? problem('malformed', 400) : answer()
  for (let i = 0; i < 5; i++) cart.addItem({ sku: `S${i}`, price: 1 })
  const odd = cart.applyCoupon('ODD')
  for (let i = 5; i < 9; i++) cart.addItem({ sku: `S${i}`, price: 1 })
  await drain(world)
  expect(await odd.synced).toMatchObject({ status: 'rejected', code: 'malformed' })
  expect(cart.$status.get()).toMatchObject({ phase: 'idle', pending: 0 })
  expect(cart.$session.get()).toMatchObject({ coupon: '', total: 9 })
  expect(cart.$notices.get()).toMatchObject([{ code: 'malformed' }])
  const stored = await backend.handler.sessions.get(cart.$session.get().integrationId)
  expect(stored?.session.cartItems).toEqual(cart.$items.get())
})

test('a batch that is too large is halved, a single mutation that is too large burned', async () => {
  const world = await createWorld()
  const { cart, backend } = world
  backend.fault = async ({ size }, answer) => (size > 2000 ? problem('too-large', 413) : answer())
  for (let i = 0; i < 40; i++) cart.addItem({ sku: `S${i}`, price: 1 })
  const large = cart.setAttributes({ note: 'x'.repeat(3000) })
  await drain(world)
  expect(await large.synced).toMatchObject({ status: 'rejected', code: 'too-large' })
  expect(cart.$status.get().pending).toBe(0)
  expect(cart.$quantity.get()).toBe(40)
})

test('an untyped 413 halves the batch and tries again later', async () => {
  const world = await createWorld()
  const { cart, backend } = world
  backend.fault = async ({ body }, answer) =>
    body.mutations.length > 10 ? new Response('too big', { status: 413 }) : answer()
  for (let i = 0; i < 40; i++) cart.addItem({ sku: `S${i}`, price: 1 })
  await drain(world, 30_000)
})

test('a server that misses a number of this page gets it burned', async () => {
  const { cart, clock, backend } = await createWorld()
  cart.addItem(MUG)
  await clock.advance(100)
  const writer = backend.requests[0]!.body.mutations[0].writer
  answerWith(backend, () => problem('gap', 409, { acked: { [writer]: 1 } }))
  cart.changeQuantity('MUG-01', 1)
  await clock.advance(1000)
  expect(cart.$status.get().pending).toBe(0)
  expect(backend.requests.at(-1)!.body.mutations[0]).toMatchObject({ n: 2, name: 'burn' })
})

test('a client that speaks an older protocol stops sending and keeps the log', async () => {
  const { cart, clock, backend } = await createWorld()
  answerWith(backend, () => problem('unsupported-version', 426))
  cart.addItem(MUG)
  await clock.advance(600_000)
  expect(backend.requests).toHaveLength(1)
  expect(cart.$status.get()).toMatchObject({ phase: 'stopped', pending: 2, error: { code: 'unsupported-version' } })
  await expect(cart.flush()).rejects.toMatchObject({ code: 'not-synced', cause: { code: 'unsupported-version' } })
  expect(backend.requests).toHaveLength(1)
  expect(cart.$quantity.get()).toBe(1)
})

test('small answers leave the lines out, and a client that diverged asks for the whole once', async () => {
  const { cart, clock, backend } = await createWorld()
  for (let i = 0; i < 50; i++) cart.addItem({ sku: `S${i}`, name: 'x'.repeat(100), price: i })
  await clock.advance(100)
  cart.changeQuantity('S7', 1)
  await clock.advance(100)
  expect(backend.requests).toHaveLength(2)
  expect(JSON.stringify(backend.requests[1]!.body).length).toBeLessThan(1000)
  expect(backend.requests[1]!.size).toBeLessThan(1000)

  const diverge = async (): Promise<Response> => {
    const request = backend.requests.at(-1)!
    const response = await backend.handler(
      new Request(`http://shop.test/api/sessions/${request.integrationId}/mutations`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ ...request.body, mutations: [] }),
      }),
    )
    const answer = await response.json()
    const { cartItems, ...session } = answer.session
    return Response.json({ ...answer, version: answer.version + 1, session, check: '0000000000000000' })
  }
  answerWith(backend, () => track(diverge()))
  cart.changeQuantity('S7', 1)
  await clock.advance(200)
  expect(backend.requests.at(-1)!.body.check).toBeUndefined()
  expect(cart.$quantity.get()).toBe(52)
  expect(cart.$status.get().pending).toBe(0)
})

test('a late answer of an older version changes nothing', async () => {
  const { cart, clock, backend } = await createWorld()
  cart.addItem(MUG)
  await clock.advance(100)
  const id = cart.$session.get().integrationId
  const old = await (await backend.handler(new Request(`http://shop.test/api/sessions/${id}`))).text()
  cart.changeQuantity('MUG-01', 5)
  await clock.advance(100)
  answerWith(backend, () => new Response(old, { status: 200 }))
  await cart.refresh().catch(() => {})
  expect(cart.$quantity.get()).toBe(6)
})

test('news from another device come in by refresh, and cost nothing when there are none', async () => {
  const backend = createBackend()
  const one = await createWorld({ integrationId: 'shared' }, backend)
  one.cart.addItem(MUG)
  await one.clock.advance(100)
  const other = await createWorld({ integrationId: 'shared' }, backend)
  expect(other.cart.$quantity.get()).toBe(1)
  other.cart.changeQuantity('MUG-01', 2)
  await other.clock.advance(100)
  await one.cart.refresh()
  expect(one.cart.$quantity.get()).toBe(3)
  await one.cart.refresh()
  expect(backend.requests.at(-1)).toMatchObject({ method: 'GET', status: 304 })
  expect(one.cart.$session.get()).toEqual(other.cart.$session.get())
})

test('a named session that the server does not know is new, not gone', async () => {
  const backend = createBackend()
  const { cart, clock } = await createWorld({ integrationId: 'fresh' }, backend)
  expect(cart.$status.get()).toMatchObject({ phase: 'idle' })
  cart.addItem(MUG)
  await clock.advance(100)
  expect((await backend.handler.sessions.get('fresh'))?.session.total).toBe(12.5)
})

test('nothing is asked of the server before the first command of a session nobody named', async () => {
  const { clock, backend } = await createWorld()
  await clock.advance(600_000)
  expect(backend.requests).toEqual([])
})

test('flush resolves to the confirmed version and totals', async () => {
  const { cart, backend } = await createWorld()
  cart.addItem(MUG, 2)
  const { version, totals } = await cart.flush()
  expect(totals).toMatchObject({ total: 25, estimated: false })
  expect((await backend.handler.sessions.get(cart.$session.get().integrationId))?.version).toBe(version)
})

test('flush rejects at the first failed attempt, and after its timeout', async () => {
  const { cart, clock, backend } = await createWorld({ timeout: 5000 })
  cart.addItem(MUG)
  answerWith(backend, () => new Response('', { status: 500 }))
  await expect(cart.flush()).rejects.toMatchObject({ code: 'not-synced' })
  backend.fault = () => new Promise<Response>(() => {})
  const gate = cart.flush()
  const rejected = expect(gate).rejects.toMatchObject({ code: 'not-synced' })
  await clock.advance(5000)
  await rejected
  expect(cart.$status.get().pending).toBe(2)
})

test('a receipt that nobody awaits raises nothing, and a second look at the stores is free', async () => {
  const { cart, clock } = await createWorld()
  cart.addItem(MUG)
  await clock.advance(100)
  const status = cart.$status.get()
  await clock.advance(10_000)
  expect(cart.$status.get()).toBe(status)
})

test('5000 commands given offline are sent in order and in bounded batches', async () => {
  const world = await createWorld()
  const { cart, clock, backend } = world
  backend.fault = () => Promise.reject(new TypeError('no network'))
  cart.addItem(MUG, 100)
  for (let i = 0; i < 4998; i++) cart.changeQuantity('MUG-01', i % 2 ? -1 : 1)
  await clock.advance(1000)
  backend.fault = null
  backend.requests.length = 0
  const progress = new Set<number>()
  const forget = cart.$status.subscribe(({ pending }) => void progress.add(pending))
  await drain(world, 30_000)
  forget()
  expect([...progress]).toEqual([...progress].toSorted((one, other) => other - one))
  expect(progress.size).toBe(backend.requests.length + 1)
  const numbers = backend.requests.flatMap(({ body }) => body.mutations.map(({ n }: any) => n))
  expect(numbers).toEqual(Array.from({ length: 5000 }, (_, index) => index + 1))
  for (const { body } of backend.requests) expect(JSON.stringify(body).length).toBeLessThan(70_000)
}, 20_000)

test("another page's missing number holds only that page's mutations back, and is burned after a minute", async () => {
  const device = createDevice()
  const backend = createBackend()
  const clock = createFakeClock()
  const first = device.load({ endpoint: '/api/sessions', fetch: backend.fetch, clock })
  await first.ready
  await first.addItem(MUG).saved
  await first.flush()
  const entries = await device.entries()
  const [, log] = entries.find(([key]) => Array.isArray(key) && key[0] === 'log')!
  const session = first.$session.get().integrationId
  first.dispose()
  const orphan = {
    writer: 'crashed',
    n: 2,
    name: 'addItem',
    args: { item: { sku: 'TEA' }, quantity: 1 },
    at: '2026-11-23T10:00:00Z',
  }
  await device.write(store => store.add({ log: log.id, session, mutations: [orphan] }))

  const cart = device.load({ endpoint: '/api/sessions', fetch: backend.fetch, clock })
  onTestFinished(() => cart.dispose())
  await cart.ready
  cart.changeQuantity('MUG-01', 1)
  await clock.advance(1000)
  const stored = async () => (await backend.handler.sessions.get(session))?.session.cartItems
  expect(await stored()).toEqual([{ ...MUG, quantity: 2 }])
  expect(cart.$status.get().pending).toBe(1)
  const before = backend.requests.length
  await clock.advance(58_000)
  expect(backend.requests.length - before).toBeLessThan(3)
  expect(await stored()).toEqual([{ ...MUG, quantity: 2 }])
  await clock.advance(5000)
  expect(await stored()).toEqual([
    { ...MUG, quantity: 2 },
    { sku: 'TEA', quantity: 1 },
  ])
  expect(cart.$status.get()).toMatchObject({ phase: 'idle', pending: 0 })
  expect(clock.waiting()).toBe(0)
})

test('a row that comes to light after its number was given up is told as burned', async () => {
  const device = createDevice()
  const backend = createBackend()
  const clock = createFakeClock()
  const first = device.load({ endpoint: '/api/sessions', fetch: backend.fetch, clock })
  await first.ready
  await first.addItem(MUG).saved
  await first.flush()
  const session = first.$session.get().integrationId
  const [, log] = (await device.entries()).find(([key]) => Array.isArray(key) && key[0] === 'log')!
  first.dispose()
  const write = (n: number, sku: string) => {
    const args = { item: { sku }, quantity: 1 }
    const mutation = { writer: 'frozen', n, name: 'addItem', args, at: '2026-11-23T10:00:00Z' }
    return device.write(store => store.add({ log: log.id, session, mutations: [mutation] }))
  }
  await write(2, 'TEA')
  const cart = device.load({ endpoint: '/api/sessions', fetch: backend.fetch, clock })
  onTestFinished(() => cart.dispose())
  await cart.ready
  let isDown = false
  backend.fault = ({ body }, answer) => {
    isDown ||= body?.mutations.some(({ name }: any) => name === 'burn')
    return isDown ? Promise.reject(new TypeError('no network')) : answer()
  }
  cart.changeQuantity('MUG-01', 1)
  await clock.advance(62_000)
  expect(isDown).toBe(true)
  await write(1, 'COFFEE')
  device.tabs.open('another page', () => {}).post({ log: log.id })
  await expect.poll(() => cart.$items.get().map(({ sku }) => sku)).toEqual(['MUG-01', 'COFFEE', 'TEA'])
  backend.fault = null
  await clock.advance(60_000)
  expect(cart.$items.get().map(({ sku }) => sku)).toEqual(['MUG-01', 'TEA'])
  expect(cart.$notices.get()).toMatchObject([{ writer: 'frozen', n: 1, code: 'burned' }])
})

test('the gate gives the totals of its version, whatever is given meanwhile', async () => {
  const { cart, clock, backend } = await createWorld()
  cart.addItem({ sku: 'A', price: 1 })
  let release = (): void => {}
  backend.fault = async (_asked, answer) => {
    const response = await answer()
    await new Promise<void>(resolve => (release = resolve))
    return response
  }
  const flushed = cart.flush()
  await clock.advance(10)
  cart.addItem({ sku: 'B', price: 100 })
  backend.fault = null
  release()
  const { version, totals } = await flushed
  const stored = await backend.handler.sessions.get(cart.$session.get().integrationId)
  expect([version, totals.payable, totals.estimated]).toEqual([stored!.version, stored!.session.total, false])
  expect(totals.payable).toBe(1)
})

test('nothing waits after the cart is disposed', async () => {
  const { cart, clock, backend } = await createWorld()
  backend.fault = () => Promise.reject(new TypeError('no network'))
  cart.addItem(MUG)
  await clock.advance(5000)
  expect(clock.waiting()).toBeGreaterThan(0)
  cart.dispose()
  expect(clock.waiting()).toBe(0)
})

test('a checkout gate never opens for another session', async () => {
  for (const leave of [(cart: SessionCart) => cart.startSession(), (cart: SessionCart) => cart.forget()]) {
    const { cart, clock, backend } = await createWorld()
    backend.fault = (_asked, answer) => new Promise(resolve => clock.after(200, () => resolve(answer())))
    cart.addItem(MUG)
    await clock.advance(100)
    const gate = expect(cart.flush()).rejects.toMatchObject({ code: 'not-synced' })
    await settle()
    void leave(cart)
    await clock.advance(5000)
    await gate
  }
})

test('nothing more is sent for a session that was forgotten', async () => {
  const { cart, clock, backend } = await createWorld()
  let asked = 0
  backend.fault = () => {
    asked++
    return new Promise<Response>(() => {})
  }
  cart.addItem(MUG)
  await clock.advance(100)
  const gate = cart.flush().catch(() => {})
  await settle()
  await cart.forget()
  await gate
  await clock.advance(60_000)
  expect(asked).toBe(1)
  expect(clock.waiting()).toBe(0)
})

test('a server that gets nowhere is asked no more often than one that fails', async () => {
  const odd: [string, (body: any) => Response][] = [
    ['304 to a POST', () => new Response(null, { status: 304 })],
    [
      'nothing acknowledged',
      () => Response.json({ v: 1, epoch: 'e', version: 1, acked: {}, session: { cartItems: [] } }),
    ],
    [
      'diverged for ever',
      () =>
        Response.json({ v: 1, epoch: 'e', version: 1, acked: {}, session: { state: 'open' }, check: 'f'.repeat(16) }),
    ],
    ['gap for ever', () => problem('gap', 409, { acked: {} })],
  ]
  for (const [name, answer] of odd) {
    const { cart, clock, backend } = await createWorld()
    backend.fault = ({ body }) => Promise.resolve(answer(body))
    cart.addItem(MUG)
    await clock.advance(10_000)
    expect([name, backend.requests.length < 20]).toEqual([name, true])
    await expect(cart.flush()).rejects.toMatchObject({ code: 'not-synced' })
    expect([name, cart.$status.get().pending]).toEqual([name, 2])
  }
})

test('a transport that throws or answers nonsense is a failure of the network', async () => {
  const transports = [
    () => {
      throw new Error('at once')
    },
    () => Promise.resolve(undefined),
    () =>
      Promise.resolve({
        status: 200,
        get body() {
          throw new Error('a getter')
        },
      }),
  ]
  for (const transport of transports) {
    const { cart, clock } = await createWorld({ transport: transport as never })
    cart.addItem(MUG)
    await clock.advance(3000)
    expect(cart.$status.get()).toMatchObject({ pending: 2, error: { code: 'network' } })
    cart.dispose()
    expect(clock.waiting()).toBe(0)
  }
})

test('what became of a session that was left behind is told in the one that took its place', async () => {
  const { cart, clock } = await createWorld()
  cart.addItem(MUG)
  cart.closeSession()
  cart.startSession()
  await clock.advance(3000)
  expect(cart.$notices.get()).toMatchObject([{ code: 'forbidden' }])
})

test('lines are carried over whatever the server says of their products', async () => {
  const { cart, clock, backend } = await createWorld()
  cart.addItem({ ...MUG, product: { name: 'Mug' } })
  await clock.advance(100)
  const id = cart.$session.get().integrationId
  const body: any = await (await backend.handler(new Request(`http://shop.test/api/sessions/${id}`))).json()
  body.version++
  body.session.cartItems[0].product.id = 7
  answerWith(backend, () => Response.json(body))
  await cart.refresh()
  expect(cart.$items.get()[0]?.product).toEqual({ name: 'Mug', id: 7 })
  cart.startSession({ keep: true })
  expect(cart.$items.get()).toEqual([{ ...MUG, product: { name: 'Mug' }, quantity: 1 }])
})

test('what came too late for a bought session is told with what it was, after a reload too', async () => {
  const device = createDevice()
  const backend = createBackend()
  const options = { endpoint: '/api/sessions', fetch: backend.fetch, clock: createFakeClock() }
  const cart = device.load(options)
  await cart.ready
  cart.addItem(MUG)
  await cart.flush()
  await backend.handler.sessions.close(cart.$session.get().integrationId)
  const late = cart.addItem({ sku: 'TEE', name: 'Tee', price: 20, attributes: { size: 'M' } }, 2)
  await cart.flush()
  expect(await late.synced).toMatchObject({ status: 'rejected', code: 'session-closed' })
  const item = { sku: 'TEE', name: 'Tee', price: 20, attributes: { size: 'M' } }
  const told = [{ code: 'session-closed', mutation: { name: 'addItem', args: { item, quantity: 2 } } }]
  expect(cart.$notices.get()).toMatchObject(told)

  const after = device.load({ ...options, fetch: () => Promise.reject(new TypeError('no network')) })
  await after.ready
  expect(after.$notices.get()).toMatchObject(told)
})

test('what the promotion engine said beyond discounts is shown as it came, and after a reload, too', async () => {
  const points = { effectType: 'addLoyaltyPoints', props: { name: 'Club', value: 12 } }
  const clock = createFakeClock()
  const backend = createBackend({ upstream: ({ cartItems }) => ({ effects: cartItems.length > 0 ? [points] : [] }) })
  const device = createDevice()
  const open = (): SessionCart => {
    const cart = device.load({ endpoint: '/api/sessions', fetch: backend.fetch, clock })
    onTestFinished(() => cart.dispose())
    return cart
  }
  const cart = open()
  expect(cart.$effects.get()).toEqual([])
  await cart.ready
  cart.addItem(MUG)
  await clock.advance(1000)
  expect(cart.$effects.get()).toEqual([points])
  cart.dispose()
  const next = open()
  await next.ready
  expect(next.$effects.get()).toEqual([points])
  next.clearItems()
  await clock.advance(1000)
  expect(next.$effects.get()).toEqual([])
})
