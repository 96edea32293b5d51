import { readFileSync } from 'node:fs'

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')

/** The page of the README, as it stands there: one script tag and what it makes live. */
export const [, readmePage = ''] = /```html\n(<script [^>]*data-session-cart[\s\S]*?)```/.exec(readme) ?? []
