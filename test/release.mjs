// npm run release -- --dry-run   passes every gate of a release, in the order of GATES, and changes nothing
// npm run release                does the same, then tags the commit and publishes the package
import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { passGates, releaseDate } from './support/gates.mjs'
import { integrityOf } from './support/integrity.mjs'
import { licencesOf, refusedLicences } from './support/licences.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const isDryRun = process.argv.includes('--dry-run')
const read = file => readFileSync(join(root, file), 'utf8')
const manifest = JSON.parse(read('package.json'))
const tag = `v${manifest.version}`

const git = (...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim()

function run(...command) {
  const { status, error } = spawnSync(command[0], command.slice(1), { cwd: root, stdio: 'inherit' })
  if (error) throw error
  if (status !== 0) throw new Error(`${command.join(' ')}: exit code ${status ?? 'none, it was killed'}`)
}

const script = (name, ...args) => ({ name, check: () => run('npm', 'run', '--silent', name, '--', ...args) })

const GATES = [
  {
    name: 'clean tree',
    check() {
      const changed = git('status', '--porcelain')
      if (changed !== '') throw new Error(`not committed:\n${changed}`)
      return git('rev-parse', 'HEAD')
    },
  },
  {
    name: 'changelog',
    check() {
      const date = releaseDate(read('CHANGELOG.md'), manifest.version)
      if (date === 'unreleased' && !isDryRun)
        throw new Error(`CHANGELOG.md says that ${manifest.version} is unreleased`)
      return `${manifest.version}, ${date}`
    },
  },
  {
    name: 'provenance',
    check() {
      if (manifest.publishConfig?.provenance !== true) throw new Error('package.json does not ask for it')
      const missing = [
        manifest.repository ? [] : ['the repository in package.json'],
        process.env.ACTIONS_ID_TOKEN_REQUEST_URL || process.env.SIGSTORE_ID_TOKEN
          ? []
          : ['an identity token of a workflow'],
        git('tag', '--list', tag) === '' ? [] : [`a version that is not tagged yet: ${tag} is there`],
      ].flat()
      // A desk has none of it, and can try everything else.
      if (missing.length > 0 && !isDryRun) throw new Error(`missing: ${missing.join('; ')}`)
      return missing.length > 0 ? `asked for; to publish there has to be: ${missing.join('; ')}` : 'ready'
    },
  },
  {
    name: 'tests',
    check() {
      // What is too long for every run.
      process.env.MUTANTS = 'all'
      run('npm', 'test')
    },
  },
  script('coverage'),
  script('mutation'),
  script('build'),
  {
    name: 'contents and types',
    check: () => run('npm', 'run', '--silent', 'vitest', '--', '--project', 'package', 'contents', 'exports', 'types'),
  },
  script('publint'),
  script('attw'),
  script('size'),
  {
    name: 'licences',
    check() {
      const all = licencesOf(root)
      const refused = refusedLicences(all)
      if (refused.length > 0) throw new Error(refused.join(', '))
      return `${Object.keys(all).length} packages`
    },
  },
  {
    name: 'hashes of the script-tag files',
    check() {
      const found = integrityOf(join(root, 'dist'))
      const said = JSON.parse(read('dist/integrity.json'))
      for (const [name, hash] of Object.entries(found)) {
        if (said[name] !== hash) throw new Error(`dist/integrity.json has ${said[name]} for ${name}, which is ${hash}`)
      }
      return Object.entries(found).flat().join(' ')
    },
  },
]

if (!passGates(GATES, console.log)) process.exitCode = 1
else if (isDryRun) console.log(`\nEvery gate is open. Nothing was tagged or published.`)
else {
  run('git', 'tag', '--annotate', tag, '--message', tag)
  run('npm', 'publish', '--provenance', '--access', 'public')
  run('git', 'push', 'origin', tag)
}
