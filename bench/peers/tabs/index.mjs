import * as dexie from './dexie.mjs'
import * as nanostoresPersistent from './nanostores-persistent.mjs'
import * as replicache from './replicache.mjs'
import * as rxdb from './rxdb.mjs'
import * as sessionCart from './session-cart.mjs'
import * as tanstack from './tanstack.mjs'
import * as tinybase from './tinybase.mjs'
import * as zustandPersist from './zustand-persist.mjs'

/**
 * Carts in several tabs. `open(scope)` gives `add()`, which adds a unit of one line and resolves when it is saved where the
 * peer tells that; and `subscribe(listener)`, whose listener is given the units that the cart shows.
 */
export const PEERS = [sessionCart, nanostoresPersistent, zustandPersist, dexie, rxdb, tinybase, tanstack, replicache]

/** Those that show no change of another tab while both are looked at. */
export const WITHOUT = {
  'use-shopping-cart 3 and 4, react-use-cart': 'a tab never hears of another: the last one to write wins',
  '@faststore/sdk': 'a tab reads what another wrote when it is focused or becomes visible again',
  'idb-keyval, localForage': 'they keep values; telling other tabs is left to the app',
  'Yjs with y-indexeddb': 'tabs need a network provider beside it',
  PouchDB: 'its changes feed sees only what the tab itself wrote',
  'Legend State 3': 'what is kept is read at the start only',
}
