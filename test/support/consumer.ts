import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** What the tests read of a package.json. */
export interface Manifest {
  readonly version: string
  readonly license: string
  readonly sideEffects: boolean
  readonly dependencies?: Readonly<Record<string, string>>
  readonly exports: Readonly<Record<string, { readonly types: string; readonly default: string }>>
  readonly bin: Readonly<Record<string, string>>
}

/** A bare project outside of this one, with the packed package and its dependencies installed and nothing else. */
export interface Consumer {
  readonly folder: string
  /** Where the package is. */
  readonly installed: string
  readonly manifest: Manifest
  /** What an app imports: `session-cart`, `session-cart/dom`, … */
  readonly entries: readonly string[]
  /** Paths of all files of the package, within it. */
  readonly files: readonly string[]
  /** The text of a file of the package. */
  read(file: string): string
  /** Writes a file of the project and gives back its path. */
  write(file: string, text: string): string
  /** Runs a module in plain Node, and gives back what it prints. */
  run(code: string, ...options: readonly string[]): string
  remove(): void
}

/** The package.json of a folder. */
export const readManifest = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest

/** Packs the package and installs it, without a registry. */
export function createConsumer(): Consumer {
  const folder = mkdtempSync(join(tmpdir(), 'session-cart-consumer-'))
  const installed = join(folder, 'node_modules/session-cart')
  mkdirSync(installed, { recursive: true })
  execFileSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], { cwd: root })
  const archive = readdirSync(folder).find(name => name.endsWith('.tgz')) as string
  execFileSync('tar', ['-xzf', join(folder, archive), '-C', installed, '--strip-components=1'])
  const manifest = readManifest(installed)
  for (const name of Object.keys(manifest.dependencies ?? {})) {
    symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name), 'dir')
  }
  const consumer: Consumer = {
    folder,
    installed,
    manifest,
    entries: Object.keys(manifest.exports)
      .filter(entry => entry !== './package.json')
      .map(entry => entry.replace('.', 'session-cart')),
    files: readdirSync(installed, { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => join(entry.parentPath, entry.name).slice(installed.length + 1))
      .sort(),
    read: file => readFileSync(join(installed, file), 'utf8'),
    write(file, text) {
      const path = join(folder, file)
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, text)
      return path
    },
    run: (code, ...options) =>
      execFileSync(process.execPath, [...options, '--input-type=module', '--eval', code], {
        cwd: folder,
        encoding: 'utf8',
      }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
  consumer.write('package.json', '{ "name": "shop", "private": true, "type": "module" }')
  return consumer
}
