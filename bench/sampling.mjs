/** Waits until what the last sample left behind has run. */
function settle() {
  return new Promise(resolve => setTimeout(resolve))
}

function shuffled(list) {
  return list
    .map(entry => ({ entry, rank: Math.random() }))
    .sort((one, other) => one.rank - other.rank)
    .map(({ entry }) => entry)
}

/** Quartiles and 95th percentile. */
export function summary(times) {
  const sorted = times.toSorted((one, other) => one - other)
  const quantile = share => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]
  return { q1: quantile(0.25), median: quantile(0.5), q3: quantile(0.75), p95: quantile(0.95), samples: sorted.length }
}

/** Milliseconds until a task is done. */
export async function timed(task) {
  const start = performance.now()
  await task()
  return performance.now() - start
}

/**
 * Samples contenders in turns, one sample of each a round and in another order every round, so that a mood of the machine
 * and what one leaves to the next hit all of them alike.
 *
 * @param contenders Each makes one sample and gives its milliseconds by name.
 * @returns quartiles and 95th percentile by name
 */
export async function interleave(contenders, rounds, warmUp = Math.ceil(rounds / 10)) {
  const samples = new Map(contenders.map(contender => [contender, []]))
  for (let round = -warmUp; round < rounds; round++) {
    for (const contender of shuffled(contenders)) {
      await settle()
      const sample = await contender()
      if (round >= 0) samples.get(contender).push(sample)
    }
  }
  const times = [...samples.values()].flatMap(list =>
    Object.keys(list[0]).map(name => [name, summary(list.map(sample => sample[name]))]),
  )
  return Object.fromEntries(times)
}
