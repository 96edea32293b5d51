import { parseDocument, type Stored } from './document.ts'
import type { Settings } from './options.ts'

/** The session as it was last written. */
export async function load({ store }: Settings, integrationId: string): Promise<Stored | undefined> {
  const stored = await store.read(integrationId)
  return stored && { version: stored.version, document: parseDocument(stored.document) }
}
