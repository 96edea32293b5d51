// Three requests at a time for a session, and for a profile: one is carried out, two wait.
// Source: https://docs.talon.one/integration-api (Rate limiting)

const MOST = 3

/** @typedef {{ keys: readonly string[], start: () => void, isRunning: boolean }} Place */

export function createQueue() {
  /** @type {Place[]} */
  let places = []

  // Whoever came before and has a key in common goes first.
  function startThoseWhoCan() {
    const taken = new Set()
    for (const place of places) {
      if (!place.isRunning && !place.keys.some(key => taken.has(key))) {
        place.isRunning = true
        place.start()
      }
      for (const key of place.keys) taken.add(key)
    }
  }

  return {
    /** The first of these keys that has no place left. @param {readonly string[]} keys */
    fullOf: keys => keys.find(key => places.filter(place => place.keys.includes(key)).length >= MOST),
    /** Resolves when it is one's turn, to what has to be called in the end. @param {readonly string[]} keys */
    enter(keys) {
      return new Promise(resolve => {
        /** @type {Place} */
        const place = { keys, isRunning: false, start: () => resolve(leave) }
        const leave = () => {
          places = places.filter(other => other !== place)
          startThoseWhoCan()
        }
        places.push(place)
        startThoseWhoCan()
      })
    },
  }
}
