// What the cart itself tells: its session, base, pending mutations, notices and status.
import { databaseName } from '../storage/formats.ts'
import { lineTotal } from '../session/totals.ts'
import { firstOf, type SectionOf } from './section.ts'
import { createFacts, createTable, number, short } from './table.ts'
import { clip, errorText, jsonOf, timeOf } from './text.ts'
import { fill, type InspectorWords } from './words.ts'

const MOST_LINES = 100
const MOST = 200

const yesOrNo = (value: boolean, words: InspectorWords): string => (value ? words.yes : words.no)

// Nothing to look at is no braces.
function dataOf(value: object | undefined): string {
  return value && Object.keys(value).length ? clip(jsonOf(value)) : ''
}

function describe(error: (Error & { readonly code?: string }) | undefined, words: InspectorWords): string {
  if (!error) return ''
  const cause = error.cause === undefined ? '' : ` ${fill(words.cause, { cause: errorText(error.cause) })}`
  return `${error.code}: ${error.message}${cause}`
}

/** Where the cart stands. */
export const statusSection: SectionOf = ({ cart, scope }, words) => {
  const facts = createFacts(
    [
      words.phase,
      words.online,
      words.pending,
      words.storage,
      words.persisted,
      words.lastSyncedAt,
      words.error,
      words.scope,
      words.database,
    ],
    words.none,
  )
  return {
    parts: [facts.element],
    show() {
      const { phase, online, pending, storage, persisted, lastSyncedAt = '', error } = cart.$status.get()
      const at = timeOf(lastSyncedAt)
      facts.show([
        phase,
        yesOrNo(online, words),
        pending,
        storage,
        yesOrNo(persisted, words),
        at,
        describe(error, words),
        scope,
        databaseName(scope),
      ])
      return undefined
    },
  }
}

/** The view: the session with its lines and totals. */
export const sessionSection: SectionOf = ({ cart }, words) => {
  const about = createFacts(
    [
      words.id,
      words.state,
      words.profile,
      words.coupon,
      words.referral,
      words.identifiers,
      words.attributes,
      words.discounts,
      words.created,
      words.updated,
    ],
    words.none,
  )
  const sums = createFacts(
    [words.items, words.additionalCosts, words.total, words.discount, words.payable, words.estimated],
    words.none,
  )
  const lines = createTable(words.lines, [
    words.sku,
    words.name,
    words.attributes,
    number(words.quantity),
    number(words.price),
    number(words.total),
  ])
  return {
    parts: [about.element, sums.element, lines.element],
    show() {
      const session = cart.$session.get()
      const { integrationId, state, profileId, coupon, referral, identifiers, created, updated } = session
      const ids = identifiers.join(', ')
      about.show([
        integrationId,
        state,
        profileId,
        coupon,
        referral,
        ids,
        dataOf(session.attributes),
        dataOf(session.discounts),
        created,
        updated,
      ])
      const { items, additionalCosts, total, discount, payable, estimated } = cart.$totals.get()
      sums.show([items, additionalCosts, total, discount, payable, yesOrNo(estimated, words)])
      const { cartItems } = session
      const { shown, rest } = firstOf(cartItems, MOST_LINES, words)
      const rows = shown.map(item => {
        const { sku, name, attributes, quantity, price } = item
        const of = dataOf(attributes)
        return { key: `${sku} ${of}`, cells: [sku, name, of, quantity, price, lineTotal(item)] }
      })
      lines.show(rows, rest)
      return cartItems.length
    },
  }
}

/** What the server confirmed last, of each session on this device. */
export const baseSection: SectionOf = ({ cart }, words) => {
  const bases = createTable(words.base, [
    words.session,
    short(words.state),
    words.epoch,
    number(words.version),
    words.acked,
    number(words.lines),
    number(words.total),
  ])
  return {
    parts: [bases.element],
    show() {
      const { sessions } = cart.inspect()
      const { shown, rest } = firstOf(sessions, MOST, words)
      const rows = shown.map((session, index) => {
        const { epoch, version, acked, gone, estimated, session: entity } = session.base()
        const id = session.integrationId()
        const marks = [index === 0 && words.active, gone && words.gone, estimated && words.estimated.toLowerCase()]
        const state = [entity.state, ...marks.filter(Boolean)].join(', ')
        const { cartItems, total } = entity
        return { key: id, cells: [id, state, epoch, version, dataOf(acked), cartItems.length, total] }
      })
      bases.show(rows, rest)
      return sessions.length
    },
  }
}

/** The log: what no base covers. */
export const logSection: SectionOf = ({ cart, isMine }, words) => {
  const log = createTable(words.log, [
    short(words.mutation),
    short(words.name),
    words.args,
    short(words.at),
    short(words.from),
    words.session,
  ])
  return {
    parts: [log.element],
    show() {
      const pending = cart.inspect().sessions.flatMap(session => {
        const id = session.integrationId()
        return session.pending().map(mutation => ({ id, mutation }))
      })
      const { shown, rest } = firstOf(pending, MOST, words)
      const rows = shown.map(({ id, mutation: { writer, n, name, args, at } }) => {
        const from = isMine(writer) ? words.thisPage : ''
        return {
          key: `${id} ${writer}.${n}`,
          cells: [clip(`${writer}.${n}`, 40), name, clip(jsonOf(args)), timeOf(at), from, id],
        }
      })
      log.show(rows, rest)
      return pending.length
    },
  }
}

/** What the shopper has yet to hear of. */
export const noticesSection: SectionOf = ({ cart }, words) => {
  const notices = createTable(words.notices, [
    short(words.at),
    short(words.code),
    words.line,
    words.change,
    words.reason,
    words.mutation,
  ])
  return {
    parts: [notices.element],
    show() {
      const all = cart.$notices.get()
      const { shown, rest } = firstOf(all, MOST, words)
      const rows = shown.map(({ id, at, code, line, from, to, reason, message, writer, n }) => {
        const change = from === undefined && to === undefined ? '' : clip(`${jsonOf(from)} → ${jsonOf(to)}`)
        const by = writer === undefined ? '' : `${writer}.${n}`
        return { key: id, cells: [timeOf(at), code, line, change, reason ?? message, by] }
      })
      notices.show(rows, rest)
      return all.length
    },
  }
}
