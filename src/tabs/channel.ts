/** A line to the other tabs. What it carries are hints: any of them may be lost. */
export interface Channel {
  post(message: object): void
  close(): void
}

/**
 * Opens the line of a name.
 *
 * @param hear Gets what other tabs post, and `undefined` for what could not be read.
 */
export type OpenChannel = (name: string, hear: (message: unknown) => void) => Channel

function openByStorage(name: string, hear: (message: unknown) => void): Channel {
  const listening = new AbortController()
  let storage: Storage | undefined
  let count = 0
  try {
    storage = localStorage
    // WebKit tells changes only to pages that have touched their storage.
    storage.getItem(name)
  } catch {
    // Forbidden: then the tabs hear of each other when they are looked at.
  }
  window.addEventListener(
    'storage',
    ({ key, newValue }) => {
      if (key !== name || newValue === null) return
      try {
        hear((JSON.parse(newValue) as unknown[])[0])
      } catch {
        hear(undefined)
      }
    },
    { signal: listening.signal },
  )
  return {
    post(message) {
      try {
        // Only a change is told, so that no two are alike.
        storage?.setItem(name, JSON.stringify([message, Date.now(), ++count]))
      } catch {
        // Full.
      }
    },
    close: () => listening.abort(),
  }
}

/** The line of the page: a `BroadcastChannel`, and without one the `storage` event. */
export const openPageChannel: OpenChannel = (name, hear) => {
  if (typeof BroadcastChannel === 'undefined') return openByStorage(name, hear)
  const channel = new BroadcastChannel(name)
  channel.onmessage = ({ data }) => hear(data)
  channel.onmessageerror = () => hear(undefined)
  const listening = new AbortController()
  // What another tab keeps in `localStorage` may be there for this one only after its message: Firefox says when it is.
  window.addEventListener(
    'storage',
    ({ key, newValue }) => {
      if (key?.startsWith(`${name}:`) && newValue !== null) hear(undefined)
    },
    { signal: listening.signal },
  )
  return {
    post(message) {
      channel.postMessage(message)
    },
    close() {
      channel.close()
      listening.abort()
    },
  }
}
