import type { Receipt } from './receipts.ts'

/**
 * Makes what asks the browser, once and after something was saved, not to clear the storage. The answer may take for ever:
 * nothing waits for it.
 */
export function createPersistence(
  isWanted: boolean | undefined,
  answered: (isGranted: boolean) => void,
): (receipt: Receipt) => void {
  let isAsked = !isWanted
  return ({ saved }) => {
    if (isAsked) return
    isAsked = true
    const { storage } = navigator as { storage?: StorageManager }
    void saved
      .then(() => storage?.persist())
      .then(
        isGranted => answered(isGranted === true),
        () => {},
      )
  }
}
