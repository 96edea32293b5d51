import { configureStore, createEntityAdapter, createSelector, createSlice } from '@reduxjs/toolkit'
import { onChange, sumOf } from './rows.mjs'

export const name = 'Redux Toolkit'
export const lacks = 'exact sums, checks, storage, tabs, sync'

const lines = createEntityAdapter()
const slice = createSlice({
  name: 'cart',
  initialState: lines.getInitialState(),
  reducers: {
    filled: lines.setAll,
    added: lines.addOne,
    changed: lines.updateOne,
    removed: lines.removeOne,
  },
})
const { filled, added, changed, removed } = slice.actions

export function create() {
  // What its development build checks is off in production anyway; the bench is built for production.
  const store = configureStore({ reducer: slice.reducer })
  const { selectAll, selectById } = lines.getSelectors()
  const totalOf = createSelector(selectAll, sumOf)
  const select = selector => () => selector(store.getState())
  return {
    fill: items => store.dispatch(filled(items)),
    add: item => store.dispatch(added(item)),
    set: (id, quantity) => store.dispatch(changed({ id, changes: { quantity } })),
    remove: id => store.dispatch(removed(id)),
    total: select(totalOf),
    onTotal: listener => onChange(store.subscribe, select(totalOf), listener),
    onLine: (id, listener) =>
      onChange(
        store.subscribe,
        select(state => selectById(state, id)),
        listener,
      ),
  }
}
