import { expect, test } from 'vitest'
import { DEEDS, FAULTS, UPSTREAM_FAULTS } from './faults.ts'
import { KINDS, live, planOf, type Act, type Kind } from './world.ts'

const SEED = Number(process.env.SEED ?? 1)
const WORLDS = Number(process.env.WORLDS ?? 2000)
/** One kind of worlds, where not all are wanted. */
const KIND = process.env.KIND
/** Worlds take as long whatever their kind: a part of the others is enough for every run. */
const PARTS: Readonly<Record<Kind, number>> = { plain: 1, sessions: 1 / 8, 'talon-one': 1 / 10 }
const WHAT: Readonly<Record<Kind, string>> = {
  plain: 'worlds',
  sessions: 'worlds in which other sessions begin',
  'talon-one': 'worlds with Talon.One behind two servers',
}

/** The shortest part of a plan that still breaks a law, as far as leaving things out finds it. */
async function shorten(seed: number, plan: readonly Act[], kind: Kind): Promise<readonly Act[]> {
  let tries = 300
  let shortest = plan
  for (let size = Math.ceil(plan.length / 2); size >= 1 && tries > 0; size = Math.floor(size / 2)) {
    for (let from = 0; from < shortest.length && tries-- > 0;) {
      const rest = [...shortest.slice(0, from), ...shortest.slice(from + size)]
      if ((await live(seed, rest, kind)).broken.length) shortest = rest
      else from += size
    }
  }
  return shortest
}

/** Lives through so many worlds, stops at the first one that breaks a law and says how it comes to it. */
async function explore(worlds: number, kind: Kind): Promise<void> {
  const struck = new Map<string, number>()
  const began = performance.now()
  for (let seed = SEED; seed < SEED + worlds; seed++) {
    const ended = await live(seed, planOf(seed, kind), kind)
    for (const fault of ended.struck) struck.set(fault, (struck.get(fault) ?? 0) + 1)
    if (!ended.broken.length) continue
    const plan = await shorten(seed, planOf(seed, kind), kind)
    const history = plan.map(
      ({ at, what, device, tab, chance }) => `${at} ms, tab ${device}.${tab}: ${what} (${chance})`,
    )
    const { broken } = await live(seed, plan, kind)
    console.log(
      [`SEED=${seed} WORLDS=1 KIND=${kind} breaks a law. The shortest history found:`, ...history, ...broken].join(
        '\n',
      ),
    )
    expect([seed, ended.broken]).toEqual([seed, []])
  }
  const seconds = (performance.now() - began) / 1000
  console.log(
    `${worlds} ${WHAT[kind]} from seed ${SEED}, ${seconds.toFixed(0)} s, 0 broken laws; how many worlds each fault struck:`,
  )
  const names = [...FAULTS, ...DEEDS, ...(kind === 'talon-one' ? UPSTREAM_FAULTS : [])]
  console.table(Object.fromEntries(names.map(name => [name, struck.get(name) ?? 0])))
  if (worlds < 200) return
  for (const name of names) expect([name, (struck.get(name) ?? 0) >= worlds / 10]).toEqual([name, true])
}

for (const kind of KINDS.filter(one => one === (KIND ?? one))) {
  const worlds = KIND ? WORLDS : Math.ceil(WORLDS * PARTS[kind])
  test(`in ${worlds} ${WHAT[kind]} no law is broken`, () => explore(worlds, kind), 3_600_000)
}
