import * as Y from 'yjs'
import { noteField } from '#shared/contracts/notes-wire.ts'

/** An empty note; `gc` on: deleted text does not stay in memory. */
export function createNoteDocument(): Y.Doc {
  const doc = new Y.Doc()
  doc.getXmlFragment(noteField)
  return doc
}

/** Applies stored updates. Throws where one is not complete in itself, which the validator does not let into the log. */
export function applyStored(doc: Y.Doc, updates: readonly Uint8Array[]): void {
  doc.transact((transaction) => {
    for (const update of updates) Y.applyUpdate(doc, update)
    // as a remote transaction Yjs would tidy up formats by deletes of its own: the server's state is what the log says, no more
    transaction.local = true
  })
  if (doc.store.pendingStructs || doc.store.pendingDs) throw new Error('an update in the log builds on something that is not there')
}

/** Several updates that follow one another as few: one, unless they are many or long, where merging costs more than sending. */
export function coalesce(updates: readonly Uint8Array[]): readonly Uint8Array[] {
  const bytes = updates.reduce((sum, update) => sum + update.length, 0)
  return updates.length < 2 || updates.length > 32 || bytes > 64 * 1024 ? updates : [Y.mergeUpdates([...updates])]
}
