import type { UseStore } from 'idb-keyval'

/**
 * Writes in one shot: the requests are made at once and the transaction is committed, so a page that is frozen or left
 * half way neither blocks other tabs nor loses what it wrote.
 *
 * A write has succeeded when `complete` fired and none of its requests failed: Firefox completes a transaction after
 * `commit()` although an earlier request failed. So the request that can fail comes last.
 *
 * @param useStore The store to write to.
 * @param requests Makes the requests; the result of the one it returns is the result.
 */
export function write<Result>(
  useStore: UseStore,
  requests: (store: IDBObjectStore) => IDBRequest<Result>,
): Promise<Result> {
  return useStore(
    'readwrite',
    store =>
      new Promise((resolve, reject) => {
        const tx = store.transaction
        let failure: DOMException | null | undefined
        // A failed request bubbles up to its transaction.
        tx.onerror = event => (failure ??= (event.target as IDBRequest).error)
        tx.onabort = () => {
          // Requests that only went down with their transaction know nothing of the reason.
          const reason = failure?.name === 'AbortError' ? (tx.error ?? failure) : (failure ?? tx.error)
          reject(reason ?? new DOMException('The transaction was aborted.', 'AbortError'))
        }
        try {
          const last = requests(store)
          tx.oncomplete = () => (failure ? reject(failure) : resolve(last.result))
          tx.commit?.()
        } catch (error) {
          // Left alone, the transaction would commit the requests made before the one that could not be made.
          tx.abort()
          throw error
        }
      }),
  )
}
