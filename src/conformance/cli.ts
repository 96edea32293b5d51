import { conformanceRules, runConformance, type ConformanceOptions, type Report, type Result } from './run.ts'

const USAGE = `session-cart-conformance URL [options]

Judges a server of the session-cart sync protocol from outside, by HTTP alone.
URL is the endpoint that carts are given, such as http://localhost:8787/api/sessions.
The sessions it makes are called conformance-… and stay on the server.

  --header 'Name: value'   sent with every request; may be given again
  --only NAME              a check or a group, such as numbers/gap or numbers; may be given again
  --currency CODE          of the sessions it makes (EUR)
  --timeout MS             how long an answer may take (15000)
  --json                   print the report as JSON
  --list                   print the checks and what each asks, and ask nothing

It exits 0 when nothing failed, 1 when something did or nothing could be judged, 2 when it was called wrongly.`

/** What the command line asks for. */
interface Call {
  readonly urls: string[]
  readonly headers: [name: string, value: string][]
  readonly only: string[]
  readonly flags: Set<string>
  currency?: string
  timeout?: number
}

class Usage extends Error {}

function takeValue(call: Call, option: string, value: string | undefined): void {
  if (value === undefined) throw new Usage(`${option} needs a value.`)
  if (option === '--header') {
    const [, name, text] = /^([^:\s]+):\s*(.*)$/s.exec(value) ?? []
    if (name === undefined || text === undefined) throw new Usage(`--header ${value}: write it as 'Name: value'.`)
    call.headers.push([name, text])
  } else if (option === '--only') call.only.push(value)
  else if (option === '--currency') call.currency = value
  else {
    call.timeout = Number(value)
    if (!(call.timeout > 0)) throw new Usage(`--timeout ${value}: it has to be a number of milliseconds.`)
  }
}

function parseCall(args: readonly string[]): Call {
  const call: Call = { urls: [], headers: [], only: [], flags: new Set() }
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? ''
    const [, option = arg, inline] = /^(--[\w-]+)=(.*)$/s.exec(arg) ?? []
    if (/^--(header|only|currency|timeout)$/.test(option)) takeValue(call, option, inline ?? args[++i])
    else if (/^--(json|list|help)$/.test(arg)) call.flags.add(arg.slice(2))
    else if (arg.startsWith('-')) throw new Usage(`There is no option ${arg}.`)
    else call.urls.push(arg)
  }
  return call
}

const MARKS = { passed: '✔', failed: '✖', skipped: '–' } as const

function linesFor(result: Result): string[] {
  const line = `${MARKS[result.status]} ${result.id}  ${result.rule}`
  if (result.status === 'passed') return [line]
  if (result.status === 'skipped') return [line, `    skipped: ${result.reason}`]
  const { section, expected, came } = result
  return [line, `    docs/protocol.md § ${section}`, `    expected ${expected}`, `    came     ${came}`]
}

function toText({ url, passed, failed, skipped, results }: Report): string {
  return [url, ...results.flatMap(linesFor), `${passed} passed, ${failed} failed, ${skipped} skipped`].join('\n')
}

/**
 * The command.
 *
 * @param args What follows its name.
 * @param print Prints text.
 * @param fetch Carries the requests.
 * @returns What the process exits with.
 */
export async function main(
  args: readonly string[],
  print: (text: string) => void,
  fetch?: ConformanceOptions['fetch'],
): Promise<number> {
  try {
    const { urls, headers, only, flags, currency, timeout } = parseCall(args)
    if (flags.has('help')) print(USAGE)
    if (flags.has('list')) print(conformanceRules.map(({ id, rule }) => `${id}  ${rule}`).join('\n'))
    if (flags.has('help') || flags.has('list')) return 0
    const [url, ...more] = urls
    if (url === undefined || more.length > 0) throw new Usage('Name one URL; --help tells more.')
    if (!URL.canParse(url)) throw new Usage(`${url} is no URL.`)
    const report = await runConformance(url, {
      headers,
      currency,
      timeout,
      fetch,
      only: only.length > 0 ? only : undefined,
    })
    print(flags.has('json') ? JSON.stringify(report, null, 2) : toText(report))
    return report.failed === 0 && report.passed > 0 ? 0 : 1
  } catch (error) {
    print((error as Error).message)
    return error instanceof Usage || error instanceof TypeError ? 2 : 1
  }
}
