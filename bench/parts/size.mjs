import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync } from 'node:zlib'
import { buildBundle, bundle } from '../bundle.mjs'
import { IMPORTS } from '../peers/imports.mjs'
import { OURS } from '../report/words.mjs'

const bench = new URL('..', import.meta.url)
const resolveDir = fileURLToPath(bench)

async function contentOf({ code, file, external }) {
  if (file) return readFile(new URL(file, bench))
  const stdin = { contents: code, resolveDir }
  return bundle(undefined, { stdin, external, format: 'esm', minify: true, platform: 'browser' })
}

/** Bytes of each part of our own, minified: a folder of the source, or a dependency. */
async function partsOf(code) {
  const stdin = { contents: code, resolveDir: fileURLToPath(new URL('../src', bench)) }
  const { metafile } = await buildBundle(undefined, { stdin, format: 'esm', minify: true, metafile: true })
  const [{ inputs }] = Object.values(metafile.outputs)
  const parts = {}
  for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
    const [, part] = /(?:^|\/)((?:node_modules|src)\/[\w-]+)/.exec(path) ?? []
    if (part && bytesInOutput > 0) parts[part] = (parts[part] ?? 0) + bytesInOutput
  }
  return parts
}

/** Bytes of what a page loads for each import, with all it depends on. */
export async function size() {
  const results = []
  const parts = await partsOf("export { createSessionCart } from './index.ts'")
  for (const entry of IMPORTS) {
    const { name, sync = false, lacks } = entry
    try {
      const content = await contentOf(entry)
      results.push({ name, sync, lacks, minified: content.length, brotli: brotliCompressSync(content).length })
      if (name === OURS) results.at(-1).parts = parts
    } catch (error) {
      results.push({ name, sync, lacks, failed: error.message })
    }
  }
  return results
}
