// What is around the cart: its database, its server, the other tabs and the locks.
import type { RawEntry } from './entries.ts'
import type { RequestRecord } from './network.ts'
import { firstOf, type SectionOf } from './section.ts'
import { createTable, number, short, type Tone } from './table.ts'
import { clip, fieldOf, jsonOf, listOf, mutationText, timeOf } from './text.ts'
import { fill, type InspectorWords } from './words.ts'

const MOST = 400

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' || value === undefined ? value : jsonOf(value)

const mutationsText = (mutations: readonly unknown[]): string => clip(mutations.map(mutationText).join(', '))

function rowOf({ key, value }: RawEntry): { key: string; cells: (string | undefined)[] } {
  const name = jsonOf(key)
  const mutations = listOf(value, 'mutations')
  const isRow = typeof key === 'number'
  return { key: name, cells: [clip(name), isRow ? mutationsText(mutations) : clip(jsonOf(value))] }
}

/** What lies in IndexedDB. It is read only while this is open. */
export const rowsSection: SectionOf = ({ entries }, words) => {
  const rows = createTable(words.rows, [words.key, words.value])
  return {
    parts: [rows.element],
    show() {
      const read = entries.look()
      const error = entries.error()
      if (error !== undefined) rows.show([], fill(words.unreadable, { cause: error }))
      else if (read && !read.isThere) rows.show([], words.noDatabase)
      else if (read) {
        const { shown, rest } = firstOf(read.entries, MOST, words, read.count)
        rows.show(shown.map(rowOf), rest)
      }
      return read?.count
    },
  }
}

const TONES: Readonly<Record<RequestRecord['state'], Tone>> = {
  held: 'busy',
  sent: 'busy',
  answered: '',
  failed: 'bad',
}

function answerText({ answer, error, rejected = [] }: RequestRecord, words: InspectorWords): string | undefined {
  if (error !== undefined) return error
  const said = answer === 'whole' || answer === 'small' || answer === 'unchanged' ? words[answer] : answer
  return rejected.length ? `${said} · ${words.rejected}: ${rejected.join(', ')}` : said
}

function statusText({ state, status }: RequestRecord, words: InspectorWords): string | number | undefined {
  return state === 'answered' ? status : words[state]
}

/** Every request, and what came of it. */
export const batchesSection: SectionOf = ({ network }, words) => {
  const batches = createTable(words.batches, [
    short(words.at),
    short(words.method),
    short(words.answered),
    number(words.duration),
    words.mutations,
    number(words.bytes),
    words.answer,
    words.etag,
  ])
  return {
    parts: [batches.element],
    show() {
      const requests = network?.requests() ?? []
      const { shown, rest } = firstOf(requests, MOST, words)
      const rows = shown.map(request => {
        const { id, at, method, mutations, bytes, duration, etag, state, status = 0 } = request
        const names = mutations.map(mutation => mutation.split(' ')[1])
        const sent = mutations.length ? `${mutations.length}: ${clip(names.join(', '), 80)}` : ''
        const tone = state === 'answered' && status >= 400 ? 'bad' : TONES[state]
        const [result, answer] = [statusText(request, words), answerText(request, words)]
        const cells = [timeOf(at), method, result, duration, sent, bytes, answer, etag]
        return { key: String(id), cells, tone }
      })
      batches.show(rows, network ? rest : words.noEndpoint)
      return requests.length
    },
  }
}

/** What the tabs tell each other. */
export const tabsSection: SectionOf = ({ heard, isMine }, words) => {
  const messages = createTable(words.tabs, [
    short(words.at),
    short(words.from),
    number(words.key),
    words.message,
    words.session,
  ])
  return {
    parts: [messages.element],
    show() {
      const list = heard()
      const { shown, rest } = firstOf(list ?? [], MOST, words)
      const rows = shown.map(({ id, at, key, session, mutations }) => {
        const from = mutations.some(mutation => isMine(fieldOf(mutation, 'writer'))) ? words.thisPage : ''
        const what = mutations.length ? mutationsText(mutations) : words.sign
        return { key: String(id), cells: [timeOf(at), from, textOf(key), what, textOf(session)] }
      })
      messages.show(rows, list ? rest : words.noTabs)
      return list?.length
    },
  }
}

/** Which tab sends. */
export const lockSection: SectionOf = ({ locked }, words) => {
  const table = createTable(words.lock, [words.session, short(words.state), short(words.mode), short(words.holder)])
  return {
    parts: [table.element],
    show() {
      const read = locked.look()
      const locks = read?.locks ?? []
      const { shown, rest } = firstOf(locks, MOST, words)
      const rows = shown.map(({ integrationId, state, mode, client }) => {
        const by = client === read?.client ? words.thisPage : words.otherPage
        const isHeld = state === 'held'
        return {
          key: `${integrationId} ${client} ${state}`,
          cells: [integrationId, isHeld ? words.locked : words.waiting, mode, by],
          tone: isHeld ? ('good' as const) : ('busy' as const),
        }
      })
      table.show(rows, read && !read.locks ? words.noLocks : rest)
      return locks.length
    },
  }
}
