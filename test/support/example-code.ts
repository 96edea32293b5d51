import { transformSync } from 'esbuild'

/** Names and what they stand for. */
export type Names = Record<string, unknown>

/** An example as the body of an async function that is given `load`, `same`, `exported` and its surroundings. */
export interface Script {
  readonly code: string
  /** What it imports: by module, the names. */
  readonly imports: readonly { readonly from: string; readonly names: readonly string[] }[]
}

const IMPORT = /^import (?:(type )?([^'";]+?) from )?'([^']+)'$/gm
const DECLARED = /^(?:export )?(?:const|let|(?:async )?function\*?|class) (?:(\w+)|\{([^}]*)\}|\[([^\]]*)\])/gm

function importOf(clause: string): { pattern: string; names: string[] } {
  const names: string[] = []
  const parts: string[] = []
  const [, lone, whole, list] = /^(\w+)?,? ?(?:\* as (\w+))? ?(?:\{([\s\S]*)\})?$/.exec(clause.trim()) ?? []
  if (lone) {
    names.push('default')
    parts.push(`default: ${lone}`)
  }
  for (const entry of list?.split(',') ?? []) {
    const [name = '', alias] = entry.trim().split(' as ')
    if (!name || name.startsWith('type ')) continue
    names.push(name)
    parts.push(alias ? `${name}: ${alias}` : name)
  }
  return { pattern: whole ?? `{ ${parts.join(', ')} }`, names }
}

/** What a later example of the same text may speak of. */
function declaredIn(code: string): string[] {
  return [...code.matchAll(DECLARED)].flatMap(([, name, members, entries]) =>
    name ? [name] : [...`${members ?? entries}`.matchAll(/(?:\w+: *)?([\w$]+)/g)].map(([, each]) => each!),
  )
}

// A line that ends in `// value` has to have that value, where the comment begins with a literal.
function withChecks(code: string): string {
  const lines = code.split('\n').map(line => {
    const [, expression, literal] = /^([^\s/].*?) \/\/ ('[^']*'|true|false|[\d.]+)(?=$|:)/.exec(line) ?? []
    return literal && !/^(const|let|await|return|import|export)/.test(expression!)
      ? `same(${expression}, ${literal})`
      : line
  })
  return lines.join('\n')
}

/** Makes a function's body out of a module. */
export function toScript(code: string): Script {
  const imports: { from: string; names: string[] }[] = []
  const body = withChecks(code)
    .replace(IMPORT, (_all, isType: string | undefined, clause: string | undefined, from: string) => {
      if (isType) return ''
      const { pattern, names } = importOf(clause ?? '')
      imports.push({ from, names })
      return `const ${pattern} = await load(${JSON.stringify(from)})`
    })
    .replace(/\bimport\((?='([^']+)'\))/g, (_all, from: string) => {
      imports.push({ from, names: [] })
      return 'load('
    })
    .replace(/^export default /gm, 'exported.default = ')
    .replace(/^export /gm, '')
  const script = `(async () => {${body}\n;return { ${declaredIn(code).join(', ')} }})()`
  return { code: transformSync(script, { loader: 'ts', format: 'esm', target: 'es2022' }).code, imports }
}
