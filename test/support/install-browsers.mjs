import { spawnSync } from 'node:child_process'
import { end, startDisplay } from './display.mjs'
import { findProgram, missingPrograms, titleOf } from './find-browsers.mjs'

/** @typedef {import('./find-browsers.mjs').EngineName} EngineName */

const BROWSERS = /** @type {const} */ ({ chromium: 'chromium', firefox: 'firefox', webkit: 'miniBrowser' })

/** @param {EngineName} engine */
async function versionOf(engine) {
  // It does not even tell its version without a display.
  const display = engine === 'webkit' ? await startDisplay() : undefined
  const { stdout } = spawnSync(/** @type {string} */ (findProgram(BROWSERS[engine])), ['--version'], {
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
 * Finds the engines, or installs them, and tells of each its version or why it is not there.
 *
 * @param {EngineName[]} engines
 * @param {(packages: string[], install: () => void) => void} attempt Runs the installation and throws what it throws.
 * @param {(command: string) => void} run
 * @returns {Promise<{ engine: EngineName, title: string, version?: string, problem?: string }[]>}
 */
export async function provideEngines(engines, attempt, run) {
  const packagesOf = names => [...new Set(names.flatMap(missingPrograms).map(program => program.package))]
  let failure = ''
  // All at once; if one of the others stood in the way, Chromium alone.
  for (const names of [engines, engines.filter(name => name === 'chromium')]) {
    const packages = packagesOf(names)
    if (packages.length === 0) continue
    try {
      attempt(packages, () => install(packages, run))
    } catch (error) {
      failure = ` (${error instanceof Error ? error.message : String(error)})`
    }
  }
  const provided = []
  for (const engine of engines) {
    const title = titleOf(engine)
    const missing = missingPrograms(engine).map(({ name, variable }) => `${name} (or ${variable})`)
    if (missing.length === 0) provided.push({ engine, title, version: await versionOf(engine) })
    else
      provided.push({ engine, title, problem: `no ${missing.join(', no ')}, and it could not be installed${failure}` })
  }
  return provided
}
