import { isAcked } from '../session/ledger.ts'
import type { Mutation } from '../session/mutations.ts'
import type { Acked } from '../session/protocol.ts'
import { inLogOrder, type Active, type Row } from './entries.ts'
import type { Draft, Held } from './held-types.ts'
import { isNewer, isSame } from './newer.ts'
import { NOTHING_STORED, ownerOf, type Stored, type StoredBase } from './stored.ts'
import { unstored, unwrittenNotices } from './unwritten.ts'

const idOfActive = ({ integrationId }: Active): string => integrationId

/**
 * Creates what a tab holds.
 *
 * @param randomId A new id for a log.
 */
export function createHeld(randomId: () => string): Held {
  let known: Stored = NOTHING_STORED
  let rows = new Map<number, Row>()
  let bases = new Map<string, StoredBase>()
  let head = 0
  // What was named before anything was read is known to this page alone.
  let hasRead = false
  let tail: Draft[] = []
  let naming: Active[] = []
  let denied: Active | undefined
  const sent = new Set<string>()

  const owner = (session: string): string => ownerOf(known, session)
  const ackedBy = (session: string): Acked => bases.get(owner(session))?.base.acked ?? {}
  const isCovered = ({ session, mutations }: Row): boolean =>
    mutations.every(mutation => isAcked(ackedBy(session), mutation))

  function listOf(session: string, parts: Iterable<Pick<Row, 'session' | 'mutations'>>): Mutation[] {
    const list: Mutation[] = []
    for (const part of parts) if (owner(part.session) === session) list.push(...part.mutations)
    return inLogOrder(list)
  }

  function reset(logId: string, forgets: readonly string[]): void {
    known = { ...NOTHING_STORED, logId, forgets, mark: logId && randomId() }
    rows = new Map()
    bases = new Map()
    tail = []
    naming = []
  }

  function claim(session: string, k: number): void {
    known = { ...known, claims: new Map([...known.claims, [session, k]]) }
  }

  function keepUnstored(before: Iterable<Row>, waiting: readonly Row[], isPartial: boolean): void {
    tail = unstored({ rows: rows.values(), before, waiting, tail, isPartial, ackedBy })
  }

  // The highest name holds; those that are yet to be written have lost when another one has their number.
  function takeNames(there: Stored, { active: shown }: Pick<Stored, 'active'>): Active[] {
    const k = there.active?.k ?? 0
    const wanted = [...there.unwritten, ...naming]
    // A store made anew does not name the session that is shown.
    if (k === 0 && shown && shown.k > 0) wanted.push(shown)
    // Of two that want one number the spare's was there first.
    const isFirst = (one: Active, at: number): boolean =>
      wanted.findIndex(({ k: other, integrationId: id }) => {
        return other === one.k && (Number.isInteger(other) || id === one.integrationId)
      }) === at
    // A number may be free although a later one is taken: the write of the earlier one failed.
    const isFree = (one: Active): boolean => one.k > k || (Number.isInteger(one.k) && !there.names.has(one.k))
    naming = wanted.filter((one, at) => isFree(one) && isFirst(one, at))
    const named = new Set([...there.named, ...naming.map(idOfActive)])
    // Another log counts its names anew.
    const isSameLog = there.logId === known.logId
    const names = new Map([...(isSameLog ? known.names : []), ...there.names])
    const wants = naming.map(one => [one.integrationId, Math.floor(one.k)] as const)
    const claims = new Map([...(isSameLog ? known.claims : []), ...there.claims, ...wants])
    const newest = naming.filter(one => one.k > k).at(-1)
    known = { ...there, active: newest ?? there.active, named, names, claims }
    return wanted
  }

  // Returns the rows that were held and are not there.
  function takeRows(there: Stored, since: number | undefined): Row[] {
    const before = rows
    rows = new Map(there.rows)
    bases = new Map(there.bases)
    const isSameLog = since !== undefined
    // What another tab told during the reading may be younger than what was read.
    if (isSameLog) for (const [key, row] of before) if (key > since && !isCovered(row)) rows.set(key, row)
    head = Math.max(isSameLog ? head : 0, ...rows.keys())
    return [...before].flatMap(([key, row]) => (isSameLog && rows.has(key) ? [] : row))
  }

  // Who came too late with the name of a session that the server knows already, and names a store made anew has lost.
  function takeLateNames(there: Stored, strays: readonly Active[], before: Stored, owing: readonly string[]): string[] {
    const isAtServer = ({ integrationId: id }: Active): boolean =>
      sent.has(id) || !!(before.bases.get(id) ?? bases.get(id))?.base.epoch
    const lost = owing.filter(session => hasRead && before.named.has(session))
    hasRead = true
    // What the spare names without a number that is free: the server knows it, and the spare is emptied.
    const spared = there.unwritten.filter(one => !naming.includes(one)).map(idOfActive)
    const late = new Set([...strays.filter(isAtServer).map(idOfActive), ...lost])
    const named = [...new Set([...spared, ...[...late].filter(id => !known.named.has(id))])]
    known = { ...known, named: new Set([...known.named, ...named]) }
    return named
  }

  // Of what the store has and what is held here the newer base of each session holds; returns whose the store lacks.
  function takeBases(before: ReadonlyMap<string, StoredBase>, owing: ReadonlySet<string>): string[] {
    const newer = [...bases].filter(([, { isSpared }]) => isSpared).map(([session]) => session)
    for (const [session, mine] of before) {
      const theirs = bases.get(session)
      const isWanted = theirs
        ? isNewer(mine.base, theirs.base, rows) || (!mine.isWhole && isSame(mine.base, theirs))
        : session === known.active?.integrationId || owing.has(session)
      if (isWanted) {
        newer.push(session)
        const keys = [...mine.keys, ...(theirs?.keys ?? [])]
        bases.set(session, { ...mine, keys, acks: [...mine.acks, ...(theirs?.acks ?? [])] })
      } else if (theirs && isSame(mine.base, theirs) && !isNewer(theirs.base, mine.base, rows)) {
        // The object that is shown stays.
        bases.set(session, { ...theirs, base: mine.base })
      }
    }
    return newer
  }

  // Returns whether the log has to be named, or its list written; each naming has a mark of its own.
  function takeMark(there: Stored): boolean {
    const isLacking = !there.isNamed || known.forgets.length !== there.forgets.length
    if (isLacking) known = { ...known, mark: randomId() }
    return isLacking
  }

  // Since it was last read; whoever came first may have named it again, and has none of what is held here.
  const isEmptied = (there: Stored, before: Stored): boolean => !there.isNamed || there.mark !== before.mark

  return {
    state: () => ({ ...known, rows, bases }),
    sessions: () => new Set([...bases.keys(), ...[...rows.values(), ...tail].map(({ session }) => owner(session))]),
    mutations: session => listOf(session, [...rows.values(), ...tail]),
    placed: session => listOf(session, rows.values()),
    lastKey(session) {
      let last = 0
      for (const [key, row] of rows) if (owner(row.session) === session) last = key
      return last
    },
    head: () => head,
    drafts: (...states) => tail.filter(({ state }) => states.includes(state)),
    add(session, mutation) {
      let draft = tail.at(-1)
      if (draft?.state !== 'open' || draft.session !== session) {
        draft = { session, mutations: [], state: 'open', lines: [] }
        tail.push(draft)
      }
      draft.mutations.push(mutation)
      return draft
    },
    put(key, row) {
      if (key !== head + 1) return false
      rows.set(key, row)
      head = key
      return true
    },
    drop: draft => void tail.splice(tail.indexOf(draft), 1),
    name(active) {
      naming.push(active)
      claim(active.integrationId, Math.floor(active.k))
      known = { ...known, active, named: new Set([...known.named, active.integrationId]) }
    },
    naming: () => naming,
    claimOf: session => known.claims.get(session),
    markSent: session => void sent.add(session),
    deny: active => void (denied = active),
    isDenied: session => denied?.integrationId === session,
    unname: active => void (naming = naming.filter(other => other !== active)),
    cover(session, base) {
      bases.set(session, base)
    },
    doubt(sessions) {
      for (const session of sessions) {
        const base = bases.get(owner(session))
        if (base) bases.set(owner(session), { ...base, isWhole: false })
      }
    },
    dropCovered(session, acked) {
      const lines: IDBValidKey[] = []
      for (const draft of tail) {
        if (owner(draft.session) !== session || draft.state === 'writing') continue
        draft.mutations.splice(0, Infinity, ...draft.mutations.filter(mutation => !isAcked(acked, mutation)))
        if (!draft.mutations.length) lines.push(...draft.lines)
      }
      tail = tail.filter(({ mutations }) => mutations.length > 0)
      return lines
    },
    dropRows(keys) {
      for (const key of keys) rows.delete(key)
    },
    takeObsolete() {
      const { obsolete } = known
      known = { ...known, obsolete: [] }
      return obsolete
    },
    giveBackObsolete(keys) {
      known = { ...known, obsolete: [...keys, ...known.obsolete] }
    },
    note(notices) {
      known = { ...known, notices: [...known.notices, ...notices] }
    },
    dismiss(id) {
      known = { ...known, dismissed: new Set([...known.dismissed, id]) }
    },
    reset,
    take(stored, isNewStore, since) {
      const forgotten = known.logId !== '' && stored.forgets.includes(known.logId)
      if (forgotten) reset('', [])
      const before = { ...known, rows, bases }
      const forgets = [...new Set([...stored.forgets, ...known.forgets])]
      const erasing = stored.isForgotten || forgets.includes(stored.logId)
      const there = erasing && !stored.isForgotten ? NOTHING_STORED : stored
      const isSameLog = there.logId === before.logId && !isNewStore
      const isMoved = before.logId !== '' && there.logId !== '' && there.logId !== before.logId

      denied = undefined
      const wanted = takeNames(there, before)
      known = { ...known, logId: there.logId || before.logId || randomId(), forgets }
      const lost = takeRows(there, isSameLog ? since : undefined)
      const owing = new Set([...lost, ...tail].map(({ session }) => session))
      // The session that was shown has to give way, like one that came too late with its name.
      if (isMoved && before.active) wanted.push(before.active)
      const named = takeLateNames(there, wanted, before, isSameLog ? [] : [...owing])
      const newer = takeBases(before.bases, owing)
      keepUnstored(lost, there.waiting, false)
      // Where a base is lacking, the write that failed had its notices too.
      const isWhole = !newer.length && !isMoved && !isEmptied(there, before)
      return {
        name: takeMark(there),
        erasing,
        named,
        bases: newer,
        notices: unwrittenNotices(there, isWhole ? NOTHING_STORED : before, known.active?.integrationId),
        forgotten,
        moved: isMoved ? before.logId : undefined,
      }
    },
    takeSpare(stored) {
      const forgotten = known.logId !== '' && stored.forgets.includes(known.logId)
      if (forgotten) reset('', [])
      const active = stored.unwritten.at(-1) ?? stored.active
      // As in the database, who was first to name a session stands.
      const isTaken = ({ k, integrationId }: Active): boolean =>
        k === active?.k && integrationId !== active.integrationId && !bases.get(integrationId)?.base.epoch
      const taken = new Set(naming.filter(isTaken).map(idOfActive))
      naming = naming.filter(({ integrationId }) => !taken.has(integrationId))
      if (active && (taken.size || active.k > (known.active?.k ?? -1))) known = { ...known, active }
      known = {
        ...known,
        logId: known.logId || stored.logId || randomId(),
        forgets: [...new Set([...known.forgets, ...stored.forgets])],
        named: new Set([...[...known.named].filter(id => !taken.has(id)), ...stored.named]),
        names: new Map([...known.names, ...stored.names]),
        claims: new Map([...known.claims, ...stored.claims]),
        notices: [...known.notices, ...stored.notices],
        dismissed: new Set([...known.dismissed, ...stored.dismissed]),
      }
      for (const [session, theirs] of stored.bases) {
        const mine = bases.get(session)
        if (!mine || isNewer(theirs.base, mine.base, rows)) bases.set(session, theirs)
      }
      keepUnstored([], stored.waiting, true)
      return forgotten
    },
  }
}
