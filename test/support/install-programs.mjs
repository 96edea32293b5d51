import { spawnSync } from 'node:child_process'
import { end, startDisplay } from './display.mjs'
import { findProgram, missingPrograms, titleOf } from './find-programs.mjs'

/** @typedef {import('./find-programs.mjs').PartName} PartName */

/** Which program tells the version. */
const TELLERS = /** @type {const} */ ({
  chromium: 'chromium',
  firefox: 'firefox',
  webkit: 'miniBrowser',
  postgres: 'pgCtl',
  pooler: 'pgbouncer',
})

/** @param {PartName} part */
async function versionOf(part) {
  // It does not even tell its version without a display.
  const display = part === 'webkit' ? await startDisplay() : undefined
  const { stdout } = spawnSync(/** @type {string} */ (findProgram(TELLERS[part])), ['--version'], {
    encoding: 'utf8',
    env: { ...process.env, ...(display && { DISPLAY: display.name }) },
  })
  if (display) await end(display.server)
  return /\d+(\.\d+)+/.exec(stdout ?? '')?.[0] ?? 'of a version it does not tell'
}

/**
 * Installs the packages that this system has, all of them at once.
 *
 * @param {string[]} packages
 * @param {(command: string) => void} run
 */
function install(packages, run) {
  const sudo = process.getuid?.() === 0 ? '' : 'sudo '
  run(`${sudo}apt-get update`)
  const known = packages.filter(name => spawnSync('apt-cache', ['show', name]).status === 0)
  if (known.length > 0) run(`${sudo}env DEBIAN_FRONTEND=noninteractive apt-get install -y ${known.join(' ')}`)
}

/**
 * Finds the browsers and the database, or installs them, and tells of each its version or why it is not there.
 *
 * @param {PartName[]} parts
 * @param {(packages: string[], install: () => void) => void} attempt Runs the installation and throws what it throws.
 * @param {(command: string) => void} run
 * @returns {Promise<{ part: PartName, title: string, version?: string, problem?: string }[]>}
 */
export async function provideParts(parts, attempt, run) {
  const packagesOf = names => [...new Set(names.flatMap(missingPrograms).map(program => program.package))]
  let failure = ''
  // All at once; if one of the others stood in the way, Chromium alone.
  for (const names of [parts, parts.filter(name => name === 'chromium')]) {
    const packages = packagesOf(names)
    if (packages.length === 0) continue
    try {
      attempt(packages, () => install(packages, run))
    } catch (error) {
      failure = ` (${error instanceof Error ? error.message : String(error)})`
    }
  }
  const provided = []
  for (const part of parts) {
    const title = titleOf(part)
    const missing = missingPrograms(part).map(({ name, variable }) => `${name} (or ${variable})`)
    if (missing.length === 0) provided.push({ part, title, version: await versionOf(part) })
    else provided.push({ part, title, problem: `no ${missing.join(', no ')}, and it could not be installed${failure}` })
  }
  return provided
}
