import * as React from 'react'
import { CartProvider } from 'react-use-cart'
import { createRows, pairsOf } from './rows.mjs'

export const name = 'react-use-cart, its reducer'
export const lacks = 'exact sums, tabs, sync; React and its storage are left out here'

/** The reducer of the provider: it is not exported, so its component is called by a renderer that only looks. */
function takeReducer() {
  // oxlint-disable-next-line no-underscore-dangle -- React's own name of what a renderer sets
  const internals = React.__CLIENT_INTERNALS_DO_NOT_USE_OR_WARN_USERS_THEY_CANNOT_UPGRADE
  const { H: before } = internals
  let taken
  internals.H = {
    useState: initial => [typeof initial === 'function' ? initial() : initial, () => {}],
    useReducer(reducer, state) {
      taken = { reducer, state }
      return [state, () => {}]
    },
    useEffect() {},
  }
  try {
    void CartProvider({ id: 'bench' })
  } finally {
    internals.H = before
  }
  return taken
}

export function create() {
  const taken = takeReducer()
  const { reducer } = taken
  let { state } = taken
  let hear = () => {}
  const rows = createRows()
  const dispatch = action => {
    const { cartTotal } = state
    state = reducer(state, action)
    if (state.cartTotal !== cartTotal) hear(state.cartTotal)
    rows.show(pairsOf(state.items))
  }
  const find = id => state.items.find(item => item.id === id)
  return {
    fill: items => dispatch({ type: 'SET_ITEMS', payload: items }),
    // As its addItem and updateItemQuantity do: they look for the line first.
    add: item => dispatch({ type: find(item.id) ? 'UPDATE_ITEM' : 'ADD_ITEM', payload: item }),
    set: (id, quantity) => dispatch({ type: 'UPDATE_ITEM', id, payload: { ...find(id), quantity } }),
    remove: id => dispatch({ type: 'REMOVE_ITEM', id }),
    total: () => state.cartTotal,
    onTotal: listener => (hear = listener),
    onLine: rows.add,
  }
}
