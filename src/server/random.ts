/** Gives `size` random bytes. Ids of sessions' epochs come from here: it has to be hard to guess. */
export type Random = (size: number) => Uint8Array

/** Random bytes of the platform's own generator. */
export const systemRandom: Random = size => crypto.getRandomValues(new Uint8Array(size))

/** 128 random bits as 32 hexadecimal digits: safe in a path, a header and JSON. */
export function randomId(random: Random): string {
  return Array.from(random(16), byte => byte.toString(16).padStart(2, '0')).join('')
}
