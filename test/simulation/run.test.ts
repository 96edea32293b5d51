import { expect, test } from 'vitest'
import { DEEDS, FAULTS } from './faults.ts'
import { live, planOf, type Act } from './world.ts'

const SEED = Number(process.env.SEED ?? 1)
const WORLDS = Number(process.env.WORLDS ?? 2000)
const SESSIONS = process.env.SESSIONS
/** With other sessions a world takes as long: a quarter of them is enough for every run. */
const WITH_SESSIONS = SESSIONS === undefined ? Math.ceil(WORLDS / 4) : WORLDS

/** The shortest part of a plan that still breaks a law, as far as leaving things out finds it. */
async function shorten(seed: number, plan: readonly Act[], hasSessions: boolean): Promise<readonly Act[]> {
  let tries = 300
  let shortest = plan
  for (let size = Math.ceil(plan.length / 2); size >= 1 && tries > 0; size = Math.floor(size / 2)) {
    for (let from = 0; from < shortest.length && tries-- > 0;) {
      const rest = [...shortest.slice(0, from), ...shortest.slice(from + size)]
      if ((await live(seed, rest, hasSessions)).broken.length) shortest = rest
      else from += size
    }
  }
  return shortest
}

/** Lives through so many worlds, stops at the first one that breaks a law and says how it comes to it. */
async function explore(worlds: number, hasSessions: boolean): Promise<void> {
  const struck = new Map<string, number>()
  const began = performance.now()
  for (let seed = SEED; seed < SEED + worlds; seed++) {
    const ended = await live(seed, planOf(seed), hasSessions)
    for (const fault of ended.struck) struck.set(fault, (struck.get(fault) ?? 0) + 1)
    if (!ended.broken.length) continue
    const plan = await shorten(seed, planOf(seed), hasSessions)
    const history = plan.map(
      ({ at, what, device, tab, chance }) => `${at} ms, tab ${device}.${tab}: ${what} (${chance})`,
    )
    const { broken } = await live(seed, plan, hasSessions)
    console.log(
      [
        `SEED=${seed} WORLDS=1 SESSIONS=${Number(hasSessions)} breaks a law. The shortest history found:`,
        ...history,
        ...broken,
      ].join('\n'),
    )
    expect([seed, ended.broken]).toEqual([seed, []])
  }
  const seconds = (performance.now() - began) / 1000
  console.log(
    `${worlds} worlds from seed ${SEED}, ${seconds.toFixed(0)} s, 0 broken laws; how many worlds each fault struck:`,
  )
  console.table(Object.fromEntries([...FAULTS, ...DEEDS].map(name => [name, struck.get(name) ?? 0])))
  if (worlds < 500) return
  for (const name of [...FAULTS, ...DEEDS]) expect([name, (struck.get(name) ?? 0) >= worlds / 10]).toEqual([name, true])
}

if (SESSIONS !== '1') {
  test(`in ${WORLDS} worlds no law is broken`, () => explore(WORLDS, false), 3_600_000)
}
if (SESSIONS !== '0') {
  test(
    `in ${WITH_SESSIONS} worlds in which other sessions begin no law is broken`,
    () => explore(WITH_SESSIONS, true),
    3_600_000,
  )
}
