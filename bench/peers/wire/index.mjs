import * as faststore from './faststore.mjs'
import * as replicache from './replicache.mjs'
import * as rxdb from './rxdb.mjs'
import * as sessionCart from './session-cart.mjs'
import * as tanstack from './tanstack.mjs'
import * as whole from './whole.mjs'

/**
 * Carts that sync with a server. `open(scope)` gives `add(item)`, which adds a unit of a line, and `isSynced()`: whether the
 * server has answered all that was given, or nothing is left to be tried.
 */
export const PEERS = [sessionCart, replicache, rxdb, tanstack, faststore, whole]
