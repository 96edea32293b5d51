// TypeScript before 5.7 has no `Uint8Array<ArrayBuffer>`, which `crypto.getRandomValues` asks for since.
type Bytes = ReturnType<Uint8ArrayConstructor['of']>

/** Randomness as the cart reads it. A simulator brings its own. */
export interface Random {
  /** Fills the array with random bytes. */
  bytes(array: Bytes): Uint8Array
  /** A number from 0 up to 1. */
  number(): number
}

/** The randomness of the page. `crypto.randomUUID` is not there over plain http; `getRandomValues` is. */
export const pageRandom: Random = {
  bytes: array => crypto.getRandomValues(array),
  number: () => Math.random(),
}

/**
 * A random id of URL-safe characters.
 *
 * @param size Bytes of randomness; 16 are 128 bits.
 */
export function randomId(random: Random, size = 16): string {
  const text = String.fromCharCode(...random.bytes(new Uint8Array(size)))
  return btoa(text).replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, '')
}
