import type { OpenContender } from './contender.ts'
import { openIdbKeyval } from './idb-keyval.ts'
import { openLocalStorage } from './local-storage.ts'
import { openSessionCart } from './session-cart.ts'

/** The path that the server of a proof leaves unanswered. */
export const UNANSWERED = '/unanswered'

export const contenders = {
  'session-cart, local': scope => openSessionCart(`${scope} local`),
  'session-cart, unanswered': scope => openSessionCart(`${scope} unanswered`, UNANSWERED),
  'idb-keyval, whole cart': openIdbKeyval,
  'localStorage, whole cart': openLocalStorage,
} satisfies Record<string, OpenContender>

export type ContenderName = keyof typeof contenders
