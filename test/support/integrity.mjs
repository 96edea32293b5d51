import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const FILES = ['session-cart.iife.js', 'session-cart-inspector.js']

/**
 * What a browser calculates of each script-tag file, as an attribute `integrity` has it.
 *
 * @param {string} folder Where they are.
 * @returns {Record<string, string>}
 */
export const integrityOf = folder =>
  Object.fromEntries(
    FILES.map(name => {
      const hash = createHash('sha384').update(readFileSync(join(folder, name)))
      return [name, `sha384-${hash.digest('base64')}`]
    }),
  )
