export const name = 'a bare Map'
export const lacks = 'the floor: exact sums, checks, storage, tabs, sync, a framework'

export function create() {
  const lines = new Map()
  const rows = new Map()
  let total = 0
  let hear = () => {}
  const told = (id, line) => {
    hear(total)
    rows.get(id)?.(line)
  }
  const add = item => {
    lines.set(item.id, { ...item })
    total += item.price * item.quantity
    told(item.id, item)
  }
  return {
    fill: items => items.forEach(add),
    add,
    set(id, quantity) {
      const line = lines.get(id)
      total += line.price * (quantity - line.quantity)
      line.quantity = quantity
      told(id, line)
    },
    remove(id) {
      const line = lines.get(id)
      lines.delete(id)
      total -= line.price * line.quantity
      told(id)
    },
    total: () => total,
    onTotal: listener => (hear = listener),
    onLine: (id, listener) => rows.set(id, listener),
  }
}
