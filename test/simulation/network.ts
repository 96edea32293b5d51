import type { Mutation } from '../../src/session/mutations.ts'
import type { Faults } from './faults.ts'
import type { Page } from './page.ts'
import type { Scheduler } from './scheduler.ts'
import type { SimulatedServer } from './server.ts'

/** An answer as it goes over the wire. */
interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

const answer = (status: number, text: string, headers: HeadersInit = {}): Answer => ({
  status,
  text,
  headers: new Headers(headers),
})

/** What a device reaches the server by. */
export interface Network {
  isOnline: boolean
  fetchOf(page: Page): typeof fetch
}

export function createNetwork(scheduler: Scheduler, faults: Faults, server: SimulatedServer): Network {
  const wait = (ms: number): Promise<void> => new Promise(resolve => void scheduler.after(ms, resolve))
  const lost = (): never => {
    throw new TypeError('The network is down.')
  }

  async function reach(url: string, init: RequestInit): Promise<Answer> {
    const body = init.body as string | null
    const { mutations = [] } = (body ? JSON.parse(body) : {}) as { mutations?: Mutation[] }
    const request = new Request(new URL(url, 'https://shop.test'), {
      method: init.method!,
      headers: init.headers!,
      body,
    })
    const response = await server.handle(request, mutations)
    return answer(response.status, await response.text(), response.headers)
  }

  /** What stands between the page and the server answers in its place. */
  function intercepted(): Answer | undefined {
    if (faults.strikes('error of a proxy')) return answer([404, 413, 502, 503][scheduler.below(4)]!, '<h1>Sorry</h1>')
    if (faults.strikes('too many requests')) return answer(429, '', { 'Retry-After': String(scheduler.below(5)) })
    if (faults.strikes('captive portal')) return answer(200, '<form>Accept our terms</form>')
    if (faults.strikes('sign-in expired')) {
      return answer(401, '{"type":"urn:session-cart:problem:unauthorized"}', {
        'Content-Type': 'application/problem+json',
      })
    }
    return
  }

  const network: Network = {
    isOnline: true,
    fetchOf: page => (input, init) =>
      new Promise((resolve, reject) => {
        const fail = (error: unknown): void => page.deliver(() => reject(error))
        init?.signal?.addEventListener('abort', () => fail(new DOMException('Aborted.', 'AbortError')))
        async function carry(): Promise<Answer> {
          await wait(1 + scheduler.random() * 40)
          if (!network.isOnline || faults.strikes('request lost')) return lost()
          if (faults.strikes('request delayed')) await wait(scheduler.below(15_000))
          const caught = intercepted()
          if (caught) return caught
          if (faults.strikes('request duplicated')) {
            scheduler.after(scheduler.below(20_000), () => void reach(String(input), init!).catch(() => {}))
          }
          const given = await reach(String(input), init!)
          if (faults.strikes('answer lost')) return lost()
          await wait(faults.strikes('answer delayed') ? scheduler.below(9000) : 1 + scheduler.random() * 40)
          if (!network.isOnline) return lost()
          return faults.strikes('answer cut half way')
            ? { ...given, text: given.text.slice(0, scheduler.below(given.text.length + 1)) }
            : given
        }
        carry().then(
          ({ status, headers, text }) =>
            page.deliver(() => resolve({ status, headers, text: () => Promise.resolve(text) } as Response)),
          fail,
        )
      }),
  }
  return network
}
