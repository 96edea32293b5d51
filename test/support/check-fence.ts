import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { transform } from 'esbuild'
import { compile } from 'svelte/compiler'
import { compileScript, compileTemplate, parse } from 'vue/compiler-sfc'
import { parseMutation } from '../../src/session/mutations.ts'
import { parseAnswer } from '../../src/session/protocol.ts'
import { checkMarkup } from './check-markup.ts'
import { root } from './documents.ts'
import { toScript } from './example-code.ts'
import { entriesOfPackage } from './example-world.ts'

type Check = (code: string) => void | Promise<void>

const { scripts, bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>
  bin: Record<string, string>
}

function fail(message: string): never {
  throw new Error(message)
}

// What is imported has to be there, unless it is a file of the reader's own.
async function checkImports(code: string): Promise<void> {
  const entries = entriesOfPackage()
  for (const { from, names } of toScript(code).imports) {
    if (from.startsWith('.')) continue
    const module = (await import(entries.get(from) ?? from)) as object
    for (const name of names) if (!(name in module)) fail(`${from} exports no ${name}`)
  }
}

// What it does is seen where it is run.
const parses: Check = code => void toScript(code)

const importsOf = (code: string): string =>
  [...code.matchAll(/^ *import [^;]*?'[^']+'$/gm)].map(([line]) => line.trim()).join('\n')

// Commands that are named in the words of the project: scripts of its own, and what npm knows by itself.
function checkCommand(line: string): void {
  const [program = '', verb = '', ...rest] = line.replace(/^(?:\w+=\S+ )*/, '').split(/\s+/)
  if (program === 'npx') return void (verb in bin || fail(`the package has no command ${verb}`))
  if (program !== 'npm') fail(`nobody knows the command ${program}`)
  if (verb === 'install') return
  const script = verb === 'run' ? rest.find(word => !word.startsWith('-'))! : verb
  if (!(script in scripts)) fail(`there is no script ${script}`)
  if (script !== 'test') return
  const run = readFileSync(join(root, 'test/run.mjs'), 'utf8')
  const steps = rest.slice(1, rest.lastIndexOf('--') || rest.length)
  for (const step of steps) {
    if (!run.includes(`'${step}'`) && step !== 'browser') fail(`npm test knows no ${step}`)
  }
}

// An exchange: a head, and a body when there is one.
function checkMessage(message: string): void {
  const [head = '', body] = message.trim().split('\n\n')
  if (!/^((GET|POST) \/\S+|\d{3})$/m.test(head.split('\n')[0]!)) fail(`${head} begins no request and no answer`)
  if (body) checkJson(body)
}

function checkJson(text: string): void {
  const value = JSON.parse(text) as { mutations?: unknown[]; session?: { integrationId: string } }
  for (const mutation of value.mutations ?? []) {
    if (!parseMutation(mutation)) fail(`${JSON.stringify(mutation)} is no mutation`)
  }
  const { session } = value
  if (session && !parseAnswer(value, session.integrationId)) fail('the client does not take this answer')
}

function checkVue(code: string): Promise<void> {
  const { descriptor, errors } = parse(code)
  if (errors[0]) throw errors[0]
  const script = compileScript(descriptor, { id: 'example', inlineTemplate: false })
  const { errors: wrong } = compileTemplate({
    source: descriptor.template?.content ?? '',
    filename: 'example.vue',
    id: 'example',
    ...(script.bindings && { compilerOptions: { bindingMetadata: script.bindings } }),
  })
  if (wrong[0]) fail(String(wrong[0]))
  return checkImports(importsOf(code))
}

async function checkSql(code: string): Promise<void> {
  const database = new PGlite()
  try {
    await database.exec(code)
  } finally {
    await database.close()
  }
}

/**
 * What is done with the blocks of each language. A script (`ts`, `js`) is run, and markup shown, beyond what is checked
 * here; `text` is what is not ours to run. A language that is not here is a mistake.
 */
export const CHECKS: { readonly [language: string]: Check } = {
  ts: parses,
  js: parses,
  html: checkMarkup,
  sh: code =>
    code
      .split('\n')
      .map(line => line.replace(/#.*/, '').trim())
      .filter(Boolean)
      .forEach(checkCommand),
  json: checkJson,
  http: checkMessage,
  sql: checkSql,
  async css(code) {
    const { warnings } = await transform(code, { loader: 'css' })
    if (warnings[0]) fail(warnings[0].text)
  },
  async tsx(code) {
    await transform(code, { loader: 'tsx', jsx: 'automatic' })
    await checkImports(importsOf(code))
  },
  vue: checkVue,
  async svelte(code) {
    compile(code, { generate: 'client', filename: 'example.svelte' })
    await checkImports(importsOf(code))
  },
  text() {},
}
