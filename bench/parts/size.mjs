import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync } from 'node:zlib'
import { bundle } from '../bundle.mjs'
import { IMPORTS } from '../peers/imports.mjs'

const bench = new URL('..', import.meta.url)
const resolveDir = fileURLToPath(bench)

async function contentOf({ code, file, external }) {
  if (file) return readFile(new URL(file, bench))
  const stdin = { contents: code, resolveDir }
  return bundle(undefined, { stdin, external, format: 'esm', minify: true, platform: 'browser' })
}

/** Bytes of what a page loads for each import, with all it depends on. */
export async function size() {
  const results = []
  for (const entry of IMPORTS) {
    const { name, sync = false, lacks } = entry
    try {
      const content = await contentOf(entry)
      results.push({ name, sync, lacks, minified: content.length, brotli: brotliCompressSync(content).length })
    } catch (error) {
      results.push({ name, sync, lacks, failed: error.message })
    }
  }
  return results
}
