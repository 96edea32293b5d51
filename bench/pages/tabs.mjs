// A change in one tab, until another tab shows it. The clocks of two tabs are compared first.
import { PEERS, WITHOUT } from '../peers/tabs/index.mjs'

export const names = PEERS.map(({ name }) => name)
export const without = WITHOUT

let tab
const wallClock = () => performance.timeOrigin + performance.now()

/** Makes this page one of the tabs of a peer's cart. */
export async function open(name) {
  tab = await PEERS.find(peer => peer.name === name).open(`tabs ${name}`)
}

/** How many units this tab shows. */
export async function shownUnits() {
  let stop
  const units = await new Promise(resolve => (stop = tab.subscribe(resolve)))
  // Some tell before they have said how to stop.
  stop?.()
  return units
}

/** Gives a change; tells when, and when it was saved where that is told. */
export async function add() {
  const given = wallClock()
  await tab.add()
  return { given, saved: wallClock() }
}

/** When this tab shows so many units; undefined when it does not in time. */
export async function shown(wanted, patience) {
  let stop
  const at = await new Promise(resolve => {
    setTimeout(resolve, patience)
    stop = tab.subscribe(units => units === wanted && resolve(wallClock()))
  })
  stop()
  return at
}

/** Answers another tab's {@link compareClocks}. */
export function answerClock() {
  const channel = new BroadcastChannel('clock')
  channel.onmessage = () => channel.postMessage(wallClock())
}

/** How far the clock of the tab that answers is ahead of this one's by the fastest of many rounds, and what a message costs. */
export async function compareClocks() {
  const channel = new BroadcastChannel('clock')
  const rounds = []
  for (let round = 0; round < 100; round++) {
    const start = wallClock()
    channel.postMessage('what time is it?')
    const there = await new Promise(resolve => (channel.onmessage = ({ data }) => resolve(data)))
    const roundTrip = wallClock() - start
    rounds.push({ message: roundTrip / 2, ahead: there - start - roundTrip / 2 })
  }
  channel.close()
  rounds.sort((one, other) => one.message - other.message)
  return { ahead: rounds[0].ahead, message: rounds[rounds.length / 2].message }
}
