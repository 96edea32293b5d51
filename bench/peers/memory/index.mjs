import * as faststore from './faststore.mjs'
import * as map from './map.mjs'
import * as nanostores from './nanostores.mjs'
import * as reactUseCart from './react-use-cart.mjs'
import * as reduxToolkit from './redux-toolkit.mjs'
import * as sessionCart from './session-cart.mjs'
import * as useShoppingCart3 from './use-shopping-cart-3.mjs'
import * as useShoppingCart4 from './use-shopping-cart-4.mjs'
import * as zustand from './zustand.mjs'

/**
 * Carts in memory. `create()` gives `fill(items)`, `add(item)`, `set(id, quantity)`, `remove(id)`, `total()` in major units,
 * `onTotal(listener)` and `onLine(id, listener)`.
 */
export const PEERS = [
  sessionCart,
  map,
  nanostores,
  zustand,
  reduxToolkit,
  faststore,
  reactUseCart,
  useShoppingCart4,
  useShoppingCart3,
]
