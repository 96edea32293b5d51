// Every block of code and every link in the README and in docs/. What runs in Node is run by docs.test.ts.
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { chromium, type Browser, type Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { CHECKS } from '../support/check-fence.ts'
import { anchorsOf, documents, fencesOf, misquoted, proseOf, quotedIn, root } from '../support/documents.ts'
import { launchChromium } from '../support/find-programs.mjs'
import { isForPage, runInPage, showInPage } from '../support/page-examples.ts'

const all = documents.flatMap(document => document.fences)
const quotations = all.filter(fence => quotedIn(fence).length > 0)
const fences = all.filter(fence => !quotations.includes(fence))

test.each(quotations)('$place stands in the example it names', fence => {
  expect(misquoted(fence)).toEqual([])
})

test.each(fences)('$place is $language that can be trusted', async ({ language, code }) => {
  const check = CHECKS[language]
  expect(check, `no test knows the language "${language}"`).toBeDefined()
  await check!(code)
})

describe('in a page', () => {
  let browser: Browser
  let page: Page
  beforeAll(async () => {
    browser = await chromium.launch(launchChromium())
  })
  afterAll(() => browser?.close())
  beforeEach(async () => {
    page = await browser.newPage()
  })
  afterEach(() => page.close())

  const scripts = documents.flatMap(({ fences }) =>
    fences.flatMap((fence, index) => {
      if (!/^(ts|js)$/.test(fence.language) || !isForPage(fence) || quotations.includes(fence)) return []
      // The markup it speaks of stands before it.
      const { code: html = '' } = fences.slice(0, index).findLast(({ language }) => language === 'html') ?? {}
      return { ...fence, html }
    }),
  )
  const markup = fences.filter(({ language }) => language === 'html')

  if (scripts.length > 0) {
    test.each(scripts)('the code at $place runs', async ({ html, code }) => {
      expect(await runInPage(page, html, code)).toBe('ran')
    })
  }

  test.each(markup)('the markup at $place shows a cart', async ({ code }) => {
    expect(await showInPage(page, code)).toBe(0)
  })
})

test('a quotation has to stand in the example, in its order', () => {
  const quote = (...lines: string[]): string[] =>
    misquoted({
      place: 'x.md:1',
      language: 'js',
      meta: '',
      code: ['// examples/server/promotions.mjs', ...lines].join('\n'),
    })
  const [first, second] = ['const { coupon, total } = session', 'if (!coupon) return {}']
  expect(quote(first, '// …', second)).toEqual([])
  expect(quote(second, first)).toEqual([first])
  expect(quote('if (!coupon) return')).toEqual(['if (!coupon) return'])
})

test('blocks of code are found wherever they stand, and one without an end is told', () => {
  const text = '```ts page\none\n```\n\n- a list\n\n  ```json\n  {}\n  ```\n\n```\nnone\n```'
  expect(fencesOf('x.md', text)).toEqual([
    { place: 'x.md:1', language: 'ts', meta: 'page', code: 'one' },
    { place: 'x.md:7', language: 'json', meta: '', code: '{}' },
    { place: 'x.md:11', language: '', meta: '', code: 'none' },
  ])
  expect(() => fencesOf('x.md', 'a\n```sh\nnpm test')).toThrow('x.md:2: the block never ends')
})

const links = documents.flatMap(({ file, text }) =>
  [...proseOf(text).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => ({ file, target: target! }))
    .filter(({ target }) => !/^https?:/.test(target)),
)

test.each(links)('the link in $file to $target leads somewhere', ({ file, target }) => {
  const [path = '', anchor] = target.split('#')
  const to = path ? join(dirname(file), path) : file
  expect(existsSync(join(root, to)), `there is no ${to}`).toBe(true)
  if (anchor) expect([...anchorsOf(readFileSync(join(root, to), 'utf8'))]).toContain(anchor)
})

test('every guide is linked to from the README', () => {
  const linked = new Set(
    links.filter(({ file }) => file === 'README.md').map(({ target }) => target.replace(/#.*/, '')),
  )
  for (const { file } of documents.slice(1)) expect([...linked]).toContain(file)
})
