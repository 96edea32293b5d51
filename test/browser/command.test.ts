import { expect, test, vi } from 'vitest'
import { createSessionCart, type Command } from '../../src/index.ts'

const MUG = { sku: 'MUG-01', name: 'Mug', price: 12.5 }

test('a listener hears of each command when the stores show it, with the session before and after', async () => {
  const cart = createSessionCart({ currency: 'EUR', storage: 'memory' })
  await cart.ready
  const heard: Command[] = []
  cart.onCommand(command => {
    expect(cart.$session.get()).toBe(command.after)
    heard.push(command)
  })
  const receipt = cart.addItem(MUG, 2)
  expect(() => cart.setQuantity('MUG-01', -1)).toThrow()
  cart.changeQuantity('MUG-01', 1)
  expect(heard.map(({ mutation }) => mutation.name)).toEqual(['addItem', 'changeQuantity'])
  expect(heard[0]!.before.cartItems).toEqual([])
  expect(heard[0]!.receipt).toBe(receipt)
  expect(heard.map(({ after }) => after.total)).toEqual([25, 37.5])
  expect(heard[1]!.before).toBe(heard[0]!.after)
  cart.startSession({ keep: true })
  expect(heard[2]!.mutation.name).toBe('start')
  expect(heard[2]!.after).toMatchObject({ total: 37.5 })
})

test('a listener hears nothing of a replay, and nothing after it was taken off', async () => {
  const cart = createSessionCart({ currency: 'EUR', storage: 'memory' })
  const names: string[] = []
  const stop = cart.onCommand(({ mutation }) => names.push(mutation.name))
  cart.addItem(MUG)
  await cart.ready
  await cart.flush()
  expect(names).toEqual(['addItem'])
  stop()
  cart.clearItems()
  expect(names).toEqual(['addItem'])
})

test('a listener that throws is reported and stops neither the command nor the next listener', async () => {
  const reported: unknown[] = []
  vi.stubGlobal('reportError', (error: unknown) => void reported.push(error))
  const cart = createSessionCart({ currency: 'EUR', storage: 'memory' })
  await cart.ready
  const failure = new Error('mine')
  const heard: string[] = []
  cart.onCommand(() => {
    throw failure
  })
  cart.onCommand(({ mutation }) => heard.push(mutation.name))
  cart.addItem(MUG)
  expect(cart.$quantity.get()).toBe(1)
  expect(heard).toEqual(['addItem'])
  expect(reported).toEqual([failure])
  vi.unstubAllGlobals()
})

test('a tool sees the inside, and can stand between the cart and the server', async () => {
  const fetched: string[] = []
  const cart = createSessionCart({
    currency: 'EUR',
    storage: 'memory',
    transport: ({ method }) => {
      fetched.push(method)
      return Promise.reject(new Error('no network'))
    },
  })
  await cart.ready
  const { wire, sessions, scope } = cart.inspect()
  expect(scope).toBe('local EUR')
  const held: string[] = []
  wire.send = request => {
    held.push(request.method)
    return Promise.reject(new Error('paused'))
  }
  cart.applyCoupon('WELCOME10')
  expect(sessions[0]!.pending().map(({ name }) => name)).toEqual(['start', 'applyCoupon'])
  expect(sessions[0]!.view().coupon).toBe('WELCOME10')
  expect(sessions[0]!.base().version).toBe(0)
  // It tries again and again.
  await expect.poll(() => held[0]).toBe('POST')
  expect(fetched).toEqual([])
  await expect.poll(() => sessions[0]!.outbox()!.state().error?.code).toBe('network')
  cart.dispose()
})
