import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseCondition } from '../../src/dom/conditions.ts'
import { root } from './documents.ts'

function fail(message: string): never {
  throw new Error(message)
}

const VOID = /^(area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr|!doctype)$/i

/** Every element is closed, in order. */
function checkNesting(html: string): void {
  const open: string[] = []
  const plain = html.replace(/<!--[\s\S]*?-->/g, '').replace(/(<(script|style)\b[^>]*>)[\s\S]*?(<\/\2>)/g, '$1$3')
  for (const [, end, name = '', self] of plain.matchAll(/<(\/?)([\w!-]+)(?:"[^"]*"|'[^']*'|[^'">])*?(\/?)>/g)) {
    if (VOID.test(name) || self) continue
    if (!end) open.push(name)
    else if (open.pop() !== name) fail(`</${name}> closes nothing`)
  }
  if (open.length > 0) fail(`<${open.join('>, <')}> is never closed`)
}

const domSources = readdirSync(join(root, 'src/dom')).map(name => readFileSync(join(root, 'src/dom', name), 'utf8'))
const inSources = (pattern: RegExp): Set<string> =>
  new Set(domSources.flatMap(source => [...source.matchAll(pattern)].map(([, name]) => name!)))

// A button or a form says its item in attributes that are read by the names of the fields.
const ITEM_FIELDS = /^(sku|name|price|quantity|category|currency|attribute-.+)$/

const knownAttributes = inSources(/data-cart-([a-z]+(?:-[a-z]+)*)/g)
const knownNames = inSources(/^ {2}(\w+): \(?\{?.*=> (?:money|plain)\(/gm)
const NAME =
  /^(?:(?:coupon|referral|checkout)\.(?:pending|error)|attributes\..+|item\.attributes\..+|notice\.(?:message|code|line|from|to|reason|at)|item\.(\w+)|(\w+))$/

function checkName(name: string): void {
  const [matched, itemField, pageName] = NAME.exec(name) ?? []
  if (!matched || !(knownNames.has(itemField ?? pageName ?? '') || (!itemField && !pageName)))
    fail(`no value is called ${name}`)
}

/** Markup that is closed, with attributes and names that the HTML door knows. Throws what is wrong with it. */
export function checkMarkup(html: string): void {
  checkNesting(html)
  for (const [, name = '', value = ''] of html.matchAll(/ data-cart-([\w-]+)(?:="([^"]*)")?/g)) {
    if (!knownAttributes.has(name) && !ITEM_FIELDS.test(name)) fail(`nothing reads data-cart-${name}`)
    if (/^(text|src|href)$/.test(name)) checkName(value)
    if (/^(show|hide)$/.test(name)) checkName(parseCondition(value)?.name ?? fail(`"${value}" is no condition`))
  }
}
