import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of the project. */
export const root = fileURLToPath(new URL('../..', import.meta.url))

/** A block of code between two fences. */
export interface Fence {
  /** Where it stands, such as `docs/tabs.md:12`. */
  readonly place: string
  /** As the opening fence names it; empty when it names none. */
  readonly language: string
  /** What stands behind the language: `page` has a script run in a page although it names nothing of one. */
  readonly meta: string
  readonly code: string
}

const QUOTING = /^(?:\/\/|<!--|#) examples\/.*$/gm

/**
 * The files that a block quotes: its first line names one in a comment, and so does a later one where another file begins.
 * What is quoted is run where it stands.
 */
export function quotedIn({ code }: Fence): string[] {
  const lines = code.match(QUOTING) ?? []
  if (lines[0] === undefined || !code.startsWith(lines[0])) return []
  return lines.flatMap(line => line.match(/examples\/[\w./-]+\w/g) ?? [])
}

/** The lines of a quotation that the files do not have, in the order they stand there. */
export function misquoted(fence: Fence): string[] {
  const linesOf = (text: string): string[] => text.split('\n').map(line => line.trim().replace(/,$/, ''))
  const told = linesOf(fence.code).filter(line => line !== '' && !/^(\/\/|<!--|#) ?(examples\/|…)/.test(line))
  const there = quotedIn(fence).flatMap(file => linesOf(readFileSync(join(root, file), 'utf8')))
  if (told.length === 0) return ['nothing is quoted']
  let at = -1
  return told.filter(line => {
    const next = there.indexOf(line, at + 1)
    if (next >= 0) at = next
    return next < 0
  })
}

/** A file of words. */
export interface Document {
  /** Its path from the project's folder. */
  readonly file: string
  readonly text: string
  readonly fences: readonly Fence[]
}

/** The fences of a text in Markdown, in order. */
export function fencesOf(file: string, text: string): Fence[] {
  const fences: Fence[] = []
  let open: { indent: number; line: number; language: string; meta: string; code: string[] } | undefined
  for (const [index, line] of text.split('\n').entries()) {
    const [, space = '', language = '', meta = ''] = /^( *)```+ *([^\s`]*) *([^`]*)/.exec(line) ?? []
    const isFence = /^ *```/.test(line)
    if (open && isFence) {
      const { line, language, meta, code } = open
      fences.push({ place: `${file}:${line}`, language, meta, code: code.join('\n') })
      open = undefined
    } else if (open) open.code.push(line.slice(open.indent))
    else if (isFence) open = { indent: space.length, line: index + 1, language, meta: meta.trim(), code: [] }
  }
  if (open) throw new Error(`${file}:${open.line}: the block never ends`)
  return fences
}

function read(file: string): Document {
  const text = readFileSync(join(root, file), 'utf8')
  return { file, text, fences: fencesOf(file, text) }
}

/** The README and everything in `docs/`. */
export const documents: readonly Document[] = [
  'README.md',
  ...readdirSync(join(root, 'docs'))
    .filter(name => name.endsWith('.md'))
    .map(name => `docs/${name}`),
].map(read)

/** What is no code: of a text in Markdown, all but its fences and what stands between backticks. */
export const proseOf = (text: string): string => text.replace(/^ *```[\s\S]*?^ *```/gm, '').replace(/`[^`\n]*`/g, '')

/** The names by which the headings of a text can be linked to, as GitHub makes them. */
export function anchorsOf(text: string): Set<string> {
  const anchors = new Set<string>()
  for (const [, heading = ''] of text.replace(/^ *```[\s\S]*?^ *```/gm, '').matchAll(/^#+ +(.*)$/gm)) {
    const slug = heading
      .toLowerCase()
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replace(/\s/g, '-')
    let name = slug
    for (let more = 1; anchors.has(name); more++) name = `${slug}-${more}`
    anchors.add(name)
  }
  return anchors
}
