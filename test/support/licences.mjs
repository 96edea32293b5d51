import { readFileSync } from 'node:fs'
import { join } from 'node:path'

// Permissive, or binding only for who changes the files themselves: none of them reaches what is built with them.
const FREE = new Set(
  'MIT ISC 0BSD BSD-2-Clause BSD-3-Clause Apache-2.0 BlueOak-1.0.0 CC0-1.0 CC-BY-4.0 Unlicense MIT-0 MPL-2.0 Python-2.0'.split(
    ' ',
  ),
)

/**
 * The licence of every package in the lock file, by its path.
 *
 * @param {string} root
 * @returns {Record<string, string>}
 */
export function licencesOf(root) {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
  return Object.fromEntries(
    Object.entries(packages)
      .filter(([path]) => path !== '')
      .map(([path, { license = '' }]) => [path.replace(/^node_modules\//, ''), license]),
  )
}

/** @param {string} expression As SPDX writes it: `MIT`, `(MIT OR GPL-3.0)`, `MIT AND CC-BY-4.0` */
function isFree(expression) {
  const any = expression.replace(/[()]/g, '').split(' OR ')
  return any.some(part => part.split(' AND ').every(name => FREE.has(name.trim())))
}

/**
 * Which of them are not known to be free.
 *
 * @param {Readonly<Record<string, string>>} licences
 * @returns {string[]}
 */
export const refusedLicences = licences =>
  Object.entries(licences)
    .filter(([, licence]) => !isFree(licence))
    .map(([name, licence]) => `${name}: ${licence || 'none'}`)
    .sort()
