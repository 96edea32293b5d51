import { subscribeWithSelector } from 'zustand/middleware'
import { immer } from 'zustand/middleware/immer'
import { createStore } from 'zustand/vanilla'
import { sumOf } from './rows.mjs'

export const name = 'zustand + immer'
export const lacks = 'exact sums, checks, storage, tabs, sync'

const totalOf = ({ lines }) => sumOf(Object.values(lines))

export function create() {
  const store = createStore(subscribeWithSelector(immer(() => ({ lines: {} }))))
  const change = recipe => store.setState(recipe)
  return {
    fill: items => change(state => void (state.lines = Object.fromEntries(items.map(item => [item.id, item])))),
    add: item => change(state => void (state.lines[item.id] = item)),
    set: (id, quantity) => change(state => void (state.lines[id].quantity = quantity)),
    remove: id => change(state => void delete state.lines[id]),
    total: () => totalOf(store.getState()),
    onTotal: listener => store.subscribe(totalOf, listener),
    onLine: (id, listener) => store.subscribe(({ lines }) => lines[id], listener),
  }
}
