import { createCartStore } from '@faststore/sdk'

export const name = '@faststore/sdk'
export const lacks = 'a retry: what was not sent goes along with the next change'

export async function open(scope) {
  let asked = 0
  let answered = 0
  const validate = async cart => {
    asked++
    try {
      const response = await fetch('/faststore', { method: 'POST', body: JSON.stringify(cart) })
      return await response.json()
    } finally {
      answered++
    }
  }
  const cart = createCartStore({ id: scope, items: [] }, validate, scope)
  await new Promise(resolve => cart.subscribe(resolve))
  return {
    add: ({ id, name, price }) => cart.addItem({ id, name, price, quantity: 1 }),
    isSynced: () => asked === answered,
  }
}
