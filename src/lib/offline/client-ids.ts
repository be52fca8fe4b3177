import type { Id } from '#shared/contracts/ids.ts'
import type { CopiesDb } from './copies-db.ts'

/** So many client ids lie ready for each text: as often it can be opened anew without a connection. */
export const idsAhead = 6

/** Keeps client ids that the server gave ahead for this text. */
export async function keepClientIds(db: CopiesDb, dossierId: Id, text: string, ids: readonly number[]): Promise<void> {
  const { store, done } = db.transaction('clientIds', 'readwrite')
  await Promise.all([...ids.map((clientId) => store.put({ text, dossierId, clientId })), done])
}

/** How many more this text should have. */
export async function missingClientIds(db: CopiesDb, text: string): Promise<number> {
  return Math.max(0, idsAhead - (await db.countFromIndex('clientIds', 'byText', text)))
}

/**
 * Takes one for good, in one transaction and before anything is written under it: two documents with one id, in two tabs or after a reload,
 * would diverge for ever. Null: there is none left.
 */
export async function takeClientId(db: CopiesDb, text: string): Promise<number | null> {
  const { store, done } = db.transaction('clientIds', 'readwrite')
  const cursor = await store.index('byText').openCursor(text)
  const taken = cursor?.value.clientId ?? null
  await cursor?.delete()
  await done
  return taken
}
