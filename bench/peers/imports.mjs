// What an app imports of each, and what it does not get with it. `sync` marks those that sync changes with a server.
const REACT = ['react', 'react-dom', 'react/jsx-runtime']

export const IMPORTS = [
  {
    name: 'session-cart',
    code: "export { createSessionCart } from '../dist/index.js'",
    sync: true,
    lacks: '',
  },
  {
    name: 'session-cart, the script-tag file',
    file: '../dist/session-cart.iife.js',
    sync: true,
    lacks: 'nothing: it has the HTML door as well',
  },
  {
    name: 'idb-keyval',
    code: "export { get, set, createStore, update } from 'idb-keyval'",
    lacks: 'a cart: values under keys, nothing else',
  },
  {
    name: 'nanostores + @nanostores/persistent',
    code: "export { computed } from 'nanostores'; export { persistentMap } from '@nanostores/persistent'",
    lacks: 'money, checks, sync; what a kill within seconds takes',
  },
  {
    name: 'zustand + persist',
    code: "export { createStore } from 'zustand/vanilla'; export { persist, createJSONStorage } from 'zustand/middleware'",
    lacks: 'money, checks, tabs, sync; what a kill within seconds takes',
  },
  {
    name: 'zustand + immer',
    code: "export { createStore } from 'zustand/vanilla'; export { immer } from 'zustand/middleware/immer'",
    lacks: 'money, checks, storage, tabs, sync',
  },
  {
    name: 'Redux Toolkit',
    code: "export { configureStore, createSlice, createEntityAdapter, createSelector } from '@reduxjs/toolkit'",
    lacks: 'money, checks, storage, tabs, sync',
  },
  {
    name: 'react-use-cart',
    code: "export { CartProvider, useCart } from 'react-use-cart'",
    external: REACT,
    lacks: 'React (not counted), exact sums, tabs, sync',
  },
  {
    name: 'use-shopping-cart 4, core',
    code: "export { ShoppingCart } from 'use-shopping-cart/core'",
    lacks: 'decimals, tabs, sync; what a kill within seconds takes',
  },
  {
    name: 'use-shopping-cart 4',
    code: "export { CartProvider, useShoppingCart } from 'use-shopping-cart'",
    external: REACT,
    lacks: 'React (not counted), decimals, tabs, sync',
  },
  {
    name: 'use-shopping-cart 3, core',
    code: "export { createShoppingCartStore, actions } from 'use-shopping-cart-3/core'",
    lacks: 'decimals, tabs, sync; what a kill within seconds takes',
  },
  {
    name: '@faststore/sdk',
    code: "export { createCartStore } from '@faststore/sdk'",
    external: REACT,
    sync: true,
    lacks: 'a retry; loses an addition before the stored cart is loaded, and one of two tabs; no sums',
  },
  {
    name: 'Logux client with IndexedStore',
    code: "export { CrossTabClient, IndexedStore } from '@logux/client'",
    sync: true,
    lacks: 'a cart and its sums; a server of another kind than its own',
  },
  {
    name: 'TinyBase, mergeable, with IndexedDB and tabs',
    code: `export { createMergeableStore } from 'tinybase/mergeable-store'
      export { createIndexedDbPersister } from 'tinybase/persisters/persister-indexed-db'
      export { createBroadcastChannelSynchronizer } from 'tinybase/synchronizers/synchronizer-broadcast-channel'
      export { createWsSynchronizer } from 'tinybase/synchronizers/synchronizer-ws-client'`,
    sync: true,
    lacks: 'a cart and its sums; two units added in two places count once; the server cannot refuse',
  },
  {
    name: 'Legend State 3 with sync and IndexedDB',
    code: `export { observable } from '@legendapp/state'; export { synced } from '@legendapp/state/sync'
      export { syncedCrud } from '@legendapp/state/sync-plugins/crud'
      export { observablePersistIndexedDB } from '@legendapp/state/persist-plugins/indexeddb'`,
    sync: true,
    lacks: 'a cart and its sums, tabs; two units added in two places count once',
  },
  {
    name: 'Yjs with y-indexeddb',
    code: "export { Doc, Map } from 'yjs'; export { IndexeddbPersistence } from 'y-indexeddb'",
    lacks: 'a cart and its sums; a network provider; two units added in two places count once',
  },
  {
    name: 'Dexie',
    code: "export { Dexie, liveQuery } from 'dexie'",
    lacks: 'a cart and its sums; sync without its cloud',
  },
  {
    name: 'Replicache',
    code: "export { Replicache } from 'replicache'",
    sync: true,
    lacks: 'a cart and its sums; a change is saved half a second later',
  },
  {
    name: 'TanStack DB with offline-transactions',
    code: `export { createCollection, localOnlyCollectionOptions } from '@tanstack/db'
      export { startOfflineExecutor, IndexedDBAdapter } from '@tanstack/offline-transactions'`,
    sync: true,
    lacks: 'a cart and its sums; only one tab keeps its changes; a request for each transaction',
  },
  {
    name: 'PouchDB',
    code: "export { default } from 'pouchdb-browser'",
    sync: true,
    lacks: 'a cart and its sums; a server of another kind than CouchDB',
  },
  {
    name: 'RxDB on Dexie with replication',
    code: `export { createRxDatabase } from 'rxdb/plugins/core'; export { getRxStorageDexie } from 'rxdb/plugins/storage-dexie'
      export { replicateRxCollection } from 'rxdb/plugins/replication'`,
    sync: true,
    lacks: 'a cart and its sums; of two devices that add a unit one wins',
  },
]
