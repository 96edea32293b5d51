import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Whether a folder has what its lock file says: compares it with what npm noted of its last install. A checkout touches
 * dates, so they tell nothing.
 *
 * @param {string} folder
 */
export function isInstalled(folder) {
  const readJson = /** @param {string} file */ file => JSON.parse(readFileSync(join(folder, file), 'utf8'))
  if (!existsSync(join(folder, 'node_modules/.package-lock.json'))) return false
  const { packages: installed } = readJson('node_modules/.package-lock.json')
  return Object.entries(readJson('package-lock.json').packages).every(
    ([path, { version, integrity, optional, peer }]) => {
      const found = installed[path]
      return path === '' || (found ? found.version === version && found.integrity === integrity : optional || peer)
    },
  )
}
