import type { createSessionHandler } from '../../src/server/index.ts'

type Handler = ReturnType<typeof createSessionHandler>

/** An answer with its body read. */
export interface Read {
  readonly status: number
  readonly headers: Headers
  readonly body: any
}

/** A mutation as a page sends it. */
export function mutation(n: number, name: string, args: object = {}, writer = 'w1'): any {
  return { writer, n, name, args, at: '2026-11-23T10:00:00Z' }
}

/** `addItem` of one unit, unless told otherwise. */
export function adding(n: number, sku: string, quantity = 1, writer = 'w1'): any {
  return mutation(n, 'addItem', { item: { sku, price: 2.5 }, quantity }, writer)
}

/** The first mutation of a session. */
export const start = (writer = 'w1'): any => mutation(1, 'start', { currency: 'EUR' }, writer)

async function read(response: Response): Promise<Read> {
  const text = await response.text()
  return { status: response.status, headers: response.headers, body: text ? JSON.parse(text) : undefined }
}

const address = (id: string): string => `http://shop.test/api/sessions/${id}`

/** Sends mutations; `fields` go into the body beside them. */
export async function post(
  handler: Handler,
  id: string,
  mutations: unknown,
  fields: object = {},
  headers = {},
): Promise<Read> {
  const request = new Request(`${address(encodeURIComponent(id))}/mutations`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify({ v: 1, base: 0, mutations, ...fields }),
  })
  return read(await handler(request))
}

/** Asks for a session. */
export async function get(handler: Handler, id: string, headers = {}): Promise<Read> {
  return read(await handler(new Request(address(encodeURIComponent(id)), { headers })))
}

/** Any other request, its path taken as it is. */
export async function raw(handler: Handler, path: string, init: RequestInit): Promise<Read> {
  return read(await handler(new Request(`http://shop.test${path}`, init)))
}
