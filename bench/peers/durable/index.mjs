import * as dexie from './dexie.mjs'
import * as faststore from './faststore.mjs'
import * as idbKeyval from './idb-keyval.mjs'
import * as legend from './legend.mjs'
import * as localForage from './localforage.mjs'
import * as logux from './logux.mjs'
import * as nanostoresPersistent from './nanostores-persistent.mjs'
import * as pouchdb from './pouchdb.mjs'
import * as raw from './raw.mjs'
import * as replicache from './replicache.mjs'
import * as rxdb from './rxdb.mjs'
import * as sessionCart from './session-cart.mjs'
import * as tanstack from './tanstack.mjs'
import * as tinybase from './tinybase.mjs'
import * as useShoppingCart4 from './use-shopping-cart-4.mjs'
import * as yIndexeddb from './y-indexeddb.mjs'
import * as zustandPersist from './zustand-persist.mjs'

/**
 * Carts that are kept on the device. `open(scope)` gives `addAll(items)`, which adds one unit of each item, given in one
 * tick, and resolves when all are saved; `lines()`; and, where there is a better way than `addAll`, `fill(items)`.
 */
export const PEERS = [
  sessionCart,
  raw,
  idbKeyval.whole,
  idbKeyval.rows,
  idbKeyval.updated,
  nanostoresPersistent,
  useShoppingCart4,
  faststore,
  zustandPersist,
  dexie,
  rxdb,
  tinybase,
  tanstack,
  replicache,
  legend,
  yIndexeddb,
  localForage,
  pouchdb,
  logux,
]
