import { createSessionHandler, memoryStore, type SessionHandlerOptions } from '../../src/server/index.ts'
import { checkOf } from '../../src/session/check.ts'
import type { CartItem } from '../../src/session/session.ts'

/** A server: what `createSessionHandler` returns, or something around it. */
export type Serve = (request: Request) => Promise<Response>

type Handler = ReturnType<typeof createSessionHandler>

/** A server with one rule of the protocol broken. */
export interface Mutant {
  readonly name: string
  /** The check that is meant to catch it. */
  readonly check: string
  open(): Serve
}

/** Everything a shop may allow, so that every check has something to judge. */
const ALL = { closeSession: true, cancelSession: true, reopenSession: true, returnItems: true, setIdentifiers: true }
const TOKEN = 'Bearer shopper'

/** The headers that {@link openServer}'s handler wants. */
export const SIGNED = { authorization: TOKEN }

/** A server that allows everything to whoever is signed in. */
export function openServer(options: Partial<SessionHandlerOptions> = {}): Handler {
  return createSessionHandler({
    store: memoryStore(),
    policy: ALL,
    authorize: ({ headers }) => headers.get('authorization') === TOKEN && {},
    ...options,
  })
}

/** One request that a mutant looks at: the body that was sent, or undefined when it is no batch. */
interface Exchange {
  readonly request: Request
  readonly id: string
  readonly sent: any
  readonly handler: Handler
  /** Asks the sound server. */
  pass(change?: { body?: unknown; headers?: Record<string, string>; url?: string }): Promise<Response>
}

function parsed(text: string): any {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function wrap(handler: Handler, serve: (exchange: Exchange) => Promise<Response>): Serve {
  return async request => {
    const isPost = request.method === 'POST'
    const bytes = isPost ? await request.arrayBuffer() : undefined
    const sent = bytes && parsed(new TextDecoder().decode(bytes))
    const segment = new URL(request.url).pathname.split('/').at(isPost ? -2 : -1)!
    return serve({
      request,
      id: decodeURIComponent(segment),
      sent: Array.isArray(sent?.mutations) ? sent : undefined,
      handler,
      pass: ({ body, headers = {}, url } = {}) =>
        handler(
          new Request(url ?? request.url, {
            method: request.method,
            headers: { ...Object.fromEntries(request.headers), ...headers },
            body: body === undefined ? (bytes ?? null) : JSON.stringify(body),
          }),
        ),
    })
  }
}

const again = (response: Response, body: unknown, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(body), {
    status: response.status,
    headers: { ...Object.fromEntries(response.headers), ...headers },
  })

const problem = (status: number, type = 'about:blank'): Response =>
  new Response(JSON.stringify({ type, title: 'no', status }), {
    status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store' },
  })

/** Breaks the exchange as a whole. */
function broken(
  name: string,
  check: string,
  serve: (exchange: Exchange) => Promise<Response>,
  options?: Partial<SessionHandlerOptions>,
): Mutant {
  return { name, check, open: () => wrap(openServer(options), serve) }
}

/** Misreads the mutations; what `edit` returns nothing for is left out. */
function misreads(name: string, check: string, edit: (mutation: any, exchange: Exchange) => any): Mutant {
  return broken(name, check, exchange => {
    const { sent, pass } = exchange
    const read: any[] = (sent?.mutations ?? []).map((mutation: any) => edit(mutation, exchange))
    const isSame = read.every((mutation, index) => mutation === sent.mutations[index])
    return pass(isSame ? {} : { body: { ...sent, mutations: read.filter(mutation => mutation !== undefined) } })
  })
}

/** Tells something else in its answers. */
function mistells(
  name: string,
  check: string,
  edit: (answer: any, exchange: Exchange, items: readonly CartItem[]) => object | Promise<object>,
): Mutant {
  return broken(name, check, async exchange => {
    const response = await exchange.pass()
    if (response.status !== 200) return response
    const stored = await exchange.handler.sessions.get(exchange.id)
    return again(response, await edit(await response.json(), exchange, stored!.session.cartItems))
  })
}

/** Tells something else in its refusals. */
function misrefuses(
  name: string,
  check: string,
  edit: (response: Response, exchange: Exchange) => Response | Promise<Response>,
): Mutant {
  return broken(name, check, async exchange => {
    const response = await exchange.pass()
    return response.status < 400 ? response : edit(response, exchange)
  })
}

const withOptions = (name: string, check: string, options: () => Partial<SessionHandlerOptions>): Mutant => ({
  name,
  check,
  open: () => openServer(options()),
})

const withSession = (answer: any, fields: object): object => ({ ...answer, session: { ...answer.session, ...fields } })
const without = (answer: any, code: string): object => ({
  ...answer,
  rejected: answer.rejected.filter((entry: any) => entry.code !== code),
})

const floatSum = (items: readonly CartItem[], isIn: (part: 'costs' | 'returned') => boolean): number =>
  items.reduce((sum, { price = 0, quantity, returnedQuantity = 0, additionalCosts = {} }) => {
    const units = quantity - (isIn('returned') ? 0 : returnedQuantity)
    const costs = isIn('costs') ? Object.values(additionalCosts) : []
    return sum + price * units + costs.reduce((total, cost) => total + cost.price * units, 0)
  }, 0)

/** What is set instead of defined, in a language where `__proto__` is no name like any other. */
function assigned(value: any): any {
  if (Array.isArray(value)) return value.map(assigned)
  if (typeof value !== 'object' || value === null) return value
  const copy: any = {}
  for (const [name, member] of Object.entries(value)) copy[name] = assigned(member)
  return copy
}

/** A store whose write is not guarded: what was read and what is written may be two versions apart. */
function unguardedStore(): SessionHandlerOptions['store'] {
  const sessions = new Map<string, { version: number; document: string }>()
  return {
    ...memoryStore(),
    async read(id) {
      const stored = sessions.get(id)
      await Promise.resolve()
      return stored
    },
    write(id, readVersion, document) {
      sessions.set(id, { version: readVersion + 1, document })
      return Promise.resolve(true)
    },
  }
}

/** Something kept for as long as one mutant is open. */
function remembering(make: () => Mutant): Mutant {
  const { name, check } = make()
  return { name, check, open: () => make().open() }
}

const trusted = (mutations: readonly any[]): any[] => mutations.map(({ name, args }) => ({ name, args }))

const numbering: readonly Mutant[] = [
  remembering(() => {
    const seen = new Set<string>()
    return broken(
      'applies a batch again that is sent again',
      'numbers/sent-again',
      async ({ id, sent, handler, pass }) => {
        const text = JSON.stringify([id, sent?.mutations])
        if (sent && seen.has(text)) {
          const adds = sent.mutations.filter(({ name }: any) => name === 'addItem')
          await handler.sessions.apply(id, trusted(adds))
        }
        seen.add(text)
        return pass()
      },
    )
  }),
  remembering(() => {
    const batches = new Set<string>()
    const seen = new Set<string>()
    return broken('knows a request again, but not its mutations', 'numbers/other-shape', async exchange => {
      const { id, sent, handler, pass } = exchange
      if (!sent) return pass()
      const text = JSON.stringify([id, sent.mutations])
      const key = ({ writer, n }: any): string => `${id} ${writer} ${n}`
      const old = sent.mutations.filter((mutation: any) => mutation?.name === 'addItem' && seen.has(key(mutation)))
      if (!batches.has(text) && old.length > 0) await handler.sessions.apply(id, trusted(old))
      const response = await pass()
      if (response.status === 200) for (const mutation of sent.mutations) seen.add(key(mutation))
      batches.add(text)
      return response
    })
  }),
  remembering(() => {
    const last = new Map<string, number>()
    return misreads('has one number for all writers', 'numbers/two-writers', (mutation, { id }) => {
      if ((last.get(id) ?? 0) >= mutation?.n) return
      last.set(id, mutation?.n)
      return mutation
    })
  }),
  remembering(() => {
    const homes = new Map<string, string>()
    return misreads('has one number for all sessions', 'numbers/per-session', (mutation, { id }) => {
      const key = `${mutation?.writer} ${mutation?.n}`
      if (!homes.has(key)) homes.set(key, id)
      return homes.get(key) === id ? mutation : undefined
    })
  }),
  remembering(() => {
    const told = new Set<string>()
    return mistells('tells an outcome only once', 'numbers/outcome-again', (answer, { id, request }) => {
      const rejected = answer.rejected.filter((entry: any) => !told.has(`${id} ${entry.writer} ${entry.n}`))
      if (request.method === 'POST') for (const { writer, n } of rejected) told.add(`${id} ${writer} ${n}`)
      return { ...answer, rejected }
    })
  }),
  broken('refuses the request when one mutation is rejected', 'numbers/rejection', async ({ sent, pass }) => {
    const response = await pass()
    const answer = response.status === 200 ? await response.clone().json() : undefined
    return sent && answer.rejected.length > 0 ? problem(422) : response
  }),
  broken('takes what comes behind a gap', 'numbers/gap', async ({ sent, pass }) => {
    let response = await pass()
    for (let body = sent; response.status === 409;) {
      const { writer, n } = await response.json()
      const burn = { writer, n: n - 1, name: 'burn', args: {}, at: '' }
      const at = body.mutations.findIndex((mutation: any) => mutation.writer === writer && mutation.n === n)
      body = { ...body, mutations: body.mutations.toSpliced(at, 0, burn) }
      response = await pass({ body })
    }
    return response
  }),
  broken('applies what comes before a gap', 'numbers/gap', async ({ sent, pass }) => {
    const response = await pass()
    if (response.status !== 409) return response
    for (const mutation of sent.mutations) await pass({ body: { ...sent, mutations: [mutation] } })
    return response
  }),
  misrefuses('does not say where it stands at a gap', 'numbers/gap', async response => {
    const body = await response.json()
    return again(response, { ...body, acked: undefined })
  }),
  mistells('does not tell that a number was burned', 'numbers/burn', answer => without(answer, 'burned')),
  mistells('tells of a long jump its end', 'numbers/long-burn', answer =>
    answer.rejected.length > 10
      ? { ...answer, rejected: answer.rejected.map((entry: any) => ({ ...entry, n: entry.n + 900_000 })) }
      : answer,
  ),
  broken('takes an unknown name for a malformed request', 'numbers/unknown-name', async ({ pass }) => {
    const response = await pass()
    if (response.status !== 200) return response
    const { rejected } = await response.clone().json()
    return rejected.some(({ code }: any) => code === 'malformed') ? problem(400) : response
  }),
  mistells('loses the writer __proto__', 'numbers/writer-names', answer => ({
    ...answer,
    acked: assigned(answer.acked),
  })),
  misreads('lets a browser write as the backend', 'numbers/writer-names', mutation =>
    mutation?.writer?.startsWith('backend') ? { ...mutation, writer: `x${mutation.writer}` } : mutation,
  ),
  mistells('lets its version go back', 'numbers/version', answer => ({
    ...answer,
    version: answer.version > 2 ? answer.version - 2 : answer.version,
  })),
  withOptions('writes without a guard', 'crowd/writers', () => ({ store: unguardedStore() })),
]

const answering: readonly Mutant[] = [
  mistells('counts its versions from 0', 'answer/create', answer => ({ ...answer, version: answer.version - 1 })),
  mistells('leaves a field of the session out', 'answer/fields', answer =>
    withSession(answer, { firstSession: undefined }),
  ),
  mistells('believes the clock of the device', 'answer/clock', (answer, { sent }) =>
    sent ? withSession(answer, { created: sent.mutations[0]?.at }) : answer,
  ),
  broken('has an ETag of the version alone', 'answer/headers', async ({ pass }) => {
    const response = await pass()
    const etag = response.headers.get('etag')
    if (etag) response.headers.set('etag', etag.replace(/\.[\da-f]{16}"/, '"'))
    return response
  }),
  broken('lets caches keep its answers', 'answer/headers', async ({ pass }) => {
    const response = await pass()
    if (response.status === 200) response.headers.set('cache-control', 'max-age=60')
    return response
  }),
  broken('never answers 304', 'answer/not-modified', ({ request, pass }) =>
    pass(request.method === 'GET' ? { headers: { 'if-none-match': '' } } : {}),
  ),
  broken('answers 304 to every ETag of the epoch', 'answer/not-modified', async ({ request, pass }) => {
    const response = await pass()
    const etag = request.headers.get('if-none-match')
    if (!etag || response.status !== 200) return response
    return new Response(null, { status: 304, headers: { etag, 'cache-control': 'no-store' } })
  }),
  broken('answers 304 to another check of the version', 'answer/restored', async ({ request, pass }) => {
    const response = await pass()
    const [, version] = /\.(\d+)\./.exec(request.headers.get('if-none-match') ?? '') ?? []
    if (!version || response.status !== 200) return response
    const body = await response.clone().json()
    return body.version === Number(version) ? new Response(null, { status: 304 }) : response
  }),
  broken('makes a session of every GET', 'answer/unknown', async ({ id, request, handler, pass }) => {
    const response = await pass()
    if (request.method !== 'GET' || response.status !== 404 || id.length > 1000 || /\p{Cc}/u.test(id)) return response
    await handler.sessions.apply(id, [{ name: 'start', args: { currency: 'EUR' } }])
    return pass()
  }),
  mistells('acknowledges none but those who ask', 'answer/since-base', (answer, { sent }) => {
    const own = new Set(sent?.mutations.map(({ writer }: any) => writer))
    const acked = Object.entries(answer.acked).filter(([writer]) => !sent || own.has(writer))
    return { ...answer, acked: Object.fromEntries(acked) }
  }),
  mistells('leaves no notices', 'answer/since-base', answer => ({ ...answer, notices: [] })),
  mistells('forgets what it rejected when it is asked by GET', 'answer/since-etag', (answer, { sent }) =>
    sent ? answer : { ...answer, rejected: [] },
  ),
  mistells('hashes the lines as it stores them', 'lines/hash', (answer, _, items) => ({
    ...answer,
    check: checkOf([JSON.stringify(items)] as any),
  })),
  mistells('answers whole, always', 'lines/small', (answer, _, cartItems) => withSession(answer, { cartItems })),
  mistells('tells its story in small answers', 'lines/small-size', answer => ({ ...answer, story: 'x'.repeat(1000) })),
  mistells('answers small, whatever the check', 'lines/whole', (answer, { sent }) =>
    sent?.base > 0 && sent.base === answer.version - 1 ? withSession(answer, { cartItems: undefined }) : answer,
  ),
]

const epochs: readonly Mutant[] = [
  broken('refuses who joins', 'epoch/join', async ({ id, sent, handler, pass }) =>
    sent?.base === 0 && (await handler.sessions.get(id))
      ? problem(410, 'urn:session-cart:problem:session-gone')
      : pass(),
  ),
  withOptions('has the same epoch for all sessions', 'epoch/minted', () => ({ random: size => new Uint8Array(size) })),
  broken('ignores the epoch', 'epoch/other', ({ id, sent, request, handler, pass }) =>
    handler.sessions.get(id.slice(0, 1000) || 'x').then(stored => {
      const etag = request.headers.get('if-none-match')
      const headers: Record<string, string> =
        stored && etag ? { 'if-none-match': etag.replace(/^"[\w-]+\./, `"${stored.epoch}.`) } : {}
      return pass(sent && stored ? { body: { ...sent, epoch: undefined } } : { headers })
    }),
  ),
  broken('ignores the base', 'epoch/base-above', ({ sent, pass }) =>
    pass(sent?.epoch ? { body: { ...sent, base: 0 } } : {}),
  ),
  broken('makes a lost session anew', 'epoch/missing', async ({ id, sent, handler, pass }) =>
    sent && !(await handler.sessions.get(id)) ? pass({ body: { ...sent, epoch: undefined, base: 0 } }) : pass(),
  ),
]

const doing: readonly Mutant[] = [
  mistells('keeps quiet about prices', 'effects/add', answer => ({
    ...answer,
    notices: answer.notices.filter(({ code }: any) => code !== 'price-changed'),
  })),
  withOptions('has one line for each sku', 'effects/line-keys', () => ({ lineKey: ({ sku }) => sku })),
  withOptions('lets the order of attributes tell lines apart', 'effects/line-keys', () => ({
    lineKey: ({ sku, attributes = {} }) => (Object.keys(attributes)[0] ? JSON.stringify([sku, attributes]) : sku),
  })),
  misreads('takes a change of the quantity for the quantity', 'effects/quantities', mutation =>
    mutation?.name === 'changeQuantity' && mutation.args?.by > 0
      ? { ...mutation, name: 'setQuantity', args: { line: mutation.args.line, quantity: mutation.args.by } }
      : mutation,
  ),
  misreads('does not remove fields', 'effects/update', mutation =>
    mutation?.name === 'updateItem' && mutation.args?.changes?.category === null
      ? { ...mutation, args: { ...mutation.args, changes: { name: mutation.args.changes.name } } }
      : mutation,
  ),
  misreads('puts what comes back at the end', 'effects/restore', mutation =>
    mutation?.name === 'restoreItem' && mutation.args?.index
      ? { ...mutation, args: { ...mutation.args, index: 999 } }
      : mutation,
  ),
  misreads('does not delete attributes', 'effects/attributes', mutation =>
    mutation?.name === 'setAttributes' && mutation.args?.changes?.note === null
      ? { ...mutation, args: { changes: { box: mutation.args.changes.box, list: mutation.args.changes.list } } }
      : mutation,
  ),
  mistells('keeps the first coupon', 'effects/codes', answer =>
    answer.session.coupon ? withSession(answer, { coupon: answer.session.coupon.replace('-2', '') }) : answer,
  ),
  mistells('takes any currency', 'effects/start', answer => without(answer, 'currency-mismatch')),
  mistells('believes who says to be somebody', 'effects/profile', (answer, { sent }) => {
    const { profileId } = sent?.mutations.at(-1)?.args ?? {}
    return profileId ? withSession(without(answer, 'forbidden'), { profileId }) : answer
  }),
  withOptions('takes any number of identifiers', 'effects/identifiers', () => ({ limits: { maxIdentifiers: 99 } })),
  mistells('adds up doubles', 'sums/exact', (answer, _, items) =>
    withSession(answer, { total: floatSum(items, part => part === 'costs') }),
  ),
  mistells('leaves costs out of the total', 'sums/costs', (answer, _, items) =>
    withSession(answer, { total: Number(floatSum(items, () => false).toFixed(7)) }),
  ),
  mistells('gives a price of 0 to what has none', 'sums/no-price', (answer, _, items) =>
    withSession(answer, { cartItems: items.map(item => ({ price: 0, ...item })) }),
  ),
  mistells('counts what came back', 'states/returned', (answer, _, items) =>
    withSession(answer, { total: Number(floatSum(items, () => true).toFixed(7)) }),
  ),
  broken('refuses the request when a limit is exceeded', 'limits/alone', async ({ pass }) => {
    const response = await pass()
    if (response.status !== 200) return response
    const { rejected } = await response.clone().json()
    return rejected.some(({ code }: any) => code === 'limit-exceeded') ? problem(400) : response
  }),
  withOptions('takes any number of lines', 'limits/lines', () => ({ limits: { maxItems: 99_999 } })),
  {
    name: 'refuses the request when policy forbids a mutation',
    check: 'states/policy',
    open: () =>
      wrap(openServer({ policy: {} }), async ({ sent, pass }) => {
        const response = await pass()
        const body = response.status === 200 ? await response.clone().json() : undefined
        const isMove = sent?.mutations.length === 4
        return isMove && body.rejected.some(({ code }: any) => code === 'forbidden') ? problem(403) : response
      }),
  },
  broken('opens a closed session for who comes late', 'states/closed', async ({ id, sent, handler, pass }) => {
    const isLate = sent?.mutations.some(({ name }: any) => name === 'addItem')
    const stored = isLate ? await handler.sessions.get(id) : undefined
    if (stored?.session.state === 'closed') await handler.sessions.reopen(id)
    return pass()
  }),
  mistells('cancels what is cancelled', 'states/cancelled', answer => without(answer, 'illegal-transition')),
  mistells('opens what is open', 'states/reopened', answer =>
    answer.session.state === 'open' ? without(answer, 'illegal-transition') : answer,
  ),
]

const refusing: readonly Mutant[] = [
  misrefuses('sends its problems as JSON', 'problems/form', async response =>
    again(response, await response.json(), { 'content-type': 'application/json' }),
  ),
  misrefuses('fails at what is no JSON', 'problems/body', (response, { sent }) =>
    response.status === 400 && !sent ? problem(500) : response,
  ),
  broken('speaks any version', 'problems/version', ({ sent, pass }) =>
    pass(sent && typeof sent.v === 'number' ? { body: { ...sent, v: 1 } } : {}),
  ),
  broken('reads any media type', 'problems/media-type', ({ pass }) =>
    pass({ headers: { 'content-type': 'application/json' } }),
  ),
  broken('takes any method', 'problems/methods', ({ request, pass }) =>
    /^(GET|POST)$/.test(request.method) ? pass() : Promise.resolve(new Response('{}')),
  ),
  broken('splits an id at its slashes', 'problems/ids', ({ request, pass }) =>
    pass({ url: request.url.replaceAll('%2F', '/') }),
  ),
  withOptions('takes few mutations at once', 'problems/room', () => ({ maxBatch: 60 })),
  misrefuses('is silent about why it is too much', 'problems/too-many', response =>
    response.status === 413 ? problem(413) : response,
  ),
  misrefuses('is silent about why it is too large', 'problems/too-large', (response, { sent }) =>
    response.status === 413 && sent?.mutations.length === 1 ? problem(413) : response,
  ),
  {
    name: 'answers every site',
    check: 'problems/other-sites',
    open() {
      const handler = openServer()
      return async request => {
        const headers = new Headers(request.headers)
        for (const name of ['origin', 'sec-fetch-site']) headers.delete(name)
        return handler(new Request(request, { headers }))
      }
    },
  },
  misrefuses('does not say that it wants to know who asks', 'problems/unauthorized', response =>
    response.status === 401 ? problem(401) : response,
  ),
  broken('applies what comes before a malformed mutation', 'hostile/shapes', async ({ sent, pass }) => {
    const response = await pass()
    if (response.status === 400 && sent?.mutations.length > 1) {
      await pass({ body: { ...sent, mutations: sent.mutations.slice(0, 1) } })
    }
    return response
  }),
  misreads('rounds units', 'hostile/shapes', mutation =>
    typeof mutation?.args?.quantity === 'number'
      ? { ...mutation, args: { ...mutation.args, quantity: Math.ceil(mutation.args.quantity) } }
      : mutation,
  ),
  misreads('passes over fields it does not know', 'hostile/server-fields', mutation => {
    if (mutation?.name !== 'addItem' || !mutation.args?.item) return mutation
    const { total: _, position: __, ...item } = mutation.args.item
    return { ...mutation, args: { ...mutation.args, item } }
  }),
  misrefuses('fails at deep JSON', 'hostile/deep', (response, { sent }) =>
    Array.isArray(sent?.mutations[0]?.args?.changes?.deep) ? problem(500) : response,
  ),
  misreads('loses the name __proto__', 'hostile/names', mutation => assigned(mutation)),
  broken('opens a session to the epoch of another', 'hostile/other-session', ({ sent, pass }) =>
    pass(sent?.epoch?.startsWith('e_') && sent.mutations.length === 0 ? { body: { ...sent, epoch: undefined } } : {}),
  ),
]

/** Servers that each break one rule. */
export const MUTANTS: readonly Mutant[] = [...answering, ...numbering, ...epochs, ...doing, ...refusing]
