import { useStore as useNanostore } from '@nanostores/react'
import type { ReadableAtom } from 'session-cart'

/**
 * `useStore` of `@nanostores/react`. With `ssr: 'initial'` the first render shows a store's first snapshot, as the server
 * did: an empty cart that is `loading`. A page that is rendered in the browser alone can do without.
 */
export function useStore<Value>(store: ReadableAtom<Value>): Value {
  return useNanostore(store, { ssr: 'initial' })
}
