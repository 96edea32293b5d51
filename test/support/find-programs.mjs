import { accessSync, constants, readdirSync } from 'node:fs'
import { basename, delimiter, join } from 'node:path'

/** @typedef {'chromium' | 'firefox' | 'webkit'} EngineName */
/** @typedef {EngineName | 'postgres' | 'pooler'} PartName What the tests run on. */

/**
 * What the tests start: the environment variable that names its path, else its names on `PATH` (and where it is when it is
 * not on `PATH`), and the Debian package that brings it.
 */
const PROGRAMS = {
  chromium: {
    variable: 'CHROMIUM_PATH',
    names: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
    package: 'chromium',
  },
  firefox: { variable: 'FIREFOX_PATH', names: ['firefox-esr', 'firefox'], package: 'firefox-esr' },
  webkitDriver: { variable: 'WEBKIT_DRIVER_PATH', names: ['WebKitWebDriver'], package: 'webkit2gtk-driver' },
  miniBrowser: {
    variable: 'MINIBROWSER_PATH',
    names: ['MiniBrowser'],
    folders: miniBrowserFolders,
    package: 'webkit2gtk-driver',
  },
  xvfb: { variable: 'XVFB_PATH', names: ['Xvfb'], package: 'xvfb' },
  // It starts the other programs of PostgreSQL, which lie beside it.
  pgCtl: { variable: 'PG_CTL_PATH', names: ['pg_ctl'], folders: postgresFolders, package: 'postgresql' },
  pgbouncer: {
    variable: 'PGBOUNCER_PATH',
    names: ['pgbouncer'],
    folders: () => ['/usr/sbin', '/usr/local/sbin'],
    package: 'pgbouncer',
  },
}

/** @typedef {keyof typeof PROGRAMS} ProgramName */

/** @type {Record<PartName, { title: string, programs: ProgramName[] }>} */
const PARTS = {
  chromium: { title: 'Chromium', programs: ['chromium'] },
  firefox: { title: 'Firefox', programs: ['firefox'] },
  // WebKitGTK has no headless mode: it needs a display.
  webkit: { title: 'WebKitGTK', programs: ['webkitDriver', 'miniBrowser', 'xvfb'] },
  postgres: { title: 'PostgreSQL', programs: ['pgCtl'] },
  pooler: { title: 'PgBouncer', programs: ['pgbouncer'] },
}

/** @param {string} path */
function entriesOf(path) {
  try {
    return readdirSync(path).map(name => join(path, name))
  } catch {
    return []
  }
}

function miniBrowserFolders() {
  const libraries = ['/usr/lib', '/usr/libexec']
  const folders = libraries.flatMap(path => [path, ...entriesOf(path)])
  return folders.map(folder => join(folder, 'webkit2gtk-4.1'))
}

// Debian has a folder for each version, and none of them on PATH.
function postgresFolders() {
  const versionOf = /** @param {string} folder */ folder => Number(basename(folder))
  const versions = entriesOf('/usr/lib/postgresql').sort((one, other) => versionOf(other) - versionOf(one))
  return versions.map(folder => join(folder, 'bin'))
}

/** @param {string} file */
function canRun(file) {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/**
 * The path of a program, if it is on this machine.
 *
 * @param {ProgramName} name
 * @returns {string | undefined}
 */
export function findProgram(name) {
  const { variable, names, folders } = PROGRAMS[name]
  const named = process.env[variable]
  if (named) return named
  const all = [...(process.env.PATH ?? '').split(delimiter).filter(Boolean), ...(folders?.() ?? [])]
  return names.flatMap(file => all.map(folder => join(folder, file))).find(canRun)
}

/**
 * What a part lacks to be started here: of each program its name, its variable and its Debian package.
 *
 * @param {PartName} part
 */
export function missingPrograms(part) {
  return PARTS[part].programs
    .filter(program => !findProgram(program))
    .map(program => ({ name: PROGRAMS[program].names[0], ...PROGRAMS[program] }))
}

/** @param {PartName} part */
export const titleOf = part => PARTS[part].title

// Without the sandbox it also starts as root; the rest keeps it from talking to the net by itself.
export const CHROMIUM_ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** @param {string | undefined} path */
const at = path => (path ? { executablePath: path } : {})

/** How playwright starts Chromium. */
export const launchChromium = () => ({ ...at(findProgram('chromium')), args: CHROMIUM_ARGS })

/** How playwright starts a Firefox that it has not patched: by this channel it speaks WebDriver BiDi with it. */
export const launchFirefox = () => ({ ...at(findProgram('firefox')), channel: 'moz-firefox' })
