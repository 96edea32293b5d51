import { expect, test } from 'vitest'
import { serveTalonOne } from '../../support/talon-one/serve.mjs'
import { KEYS } from '../../support/talon-one-client.ts'

async function serve() {
  const served = await serveTalonOne({ apiKeys: KEYS, campaigns: [] })
  const put = (id: string, customerSession: object = {}, init: RequestInit = {}) =>
    fetch(`${served.url}/v2/customer_sessions/${encodeURIComponent(id)}`, {
      method: 'PUT',
      headers: { authorization: 'ApiKey-v1 ab12' },
      body: JSON.stringify({ customerSession, responseContent: ['customerSession'] }),
      ...init,
    })
  return { ...served, put }
}

test('over HTTP it answers as it does without', async () => {
  const { put, close, talonOne } = await serve()
  const response = await put('ä/ö', { profileId: 'p' })
  expect(await response.json()).toMatchObject({ customerSession: { integrationId: 'ä/ö', profileId: 'p' } })
  expect(talonOne.session('ä/ö')).toMatchObject({ updateCount: 1 })
  await close()
})

test('a lost answer ends the connection, and one cut half way fails while it is read', async () => {
  const { put, close, talonOne } = await serve()
  talonOne.failNext('answer lost')
  await expect(put('c')).rejects.toThrow('fetch failed')
  talonOne.failNext('answer cut half way')
  const response = await put('c')
  expect(response.status).toBe(200)
  await expect(response.text()).rejects.toThrow('terminated')
  expect(talonOne.session('c')).toMatchObject({ updateCount: 2 })
  await close()
})

test('a client that waits for the end of an answer may leave, and so may the server', async () => {
  const { put, close, talonOne } = await serve()
  const arrival = async (count: number) => {
    while (talonOne.requests.length < count) await new Promise(resolve => setImmediate(resolve))
  }
  for (const [index, fault] of (['answer never comes', 'answer never ends'] as const).entries()) {
    talonOne.failNext(fault)
    const departure = new AbortController()
    const answer = put('c', {}, { signal: departure.signal }).then(response => response.text())
    await arrival(index + 1)
    departure.abort()
    await expect(answer).rejects.toThrow(/abort/)
  }
  talonOne.failNext('answer never comes')
  const left = expect(put('c')).rejects.toThrow('fetch failed')
  await arrival(3)
  await close()
  await left
})

test('while it is down connections are refused', async () => {
  const { put, close, talonOne } = await serve()
  talonOne.isDown = true
  await expect(put('c')).rejects.toThrow('fetch failed')
  talonOne.isDown = false
  expect((await put('c')).status).toBe(200)
  await close()
})
