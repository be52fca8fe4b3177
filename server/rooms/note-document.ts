import * as Y from 'yjs'
import { noteField } from '#shared/contracts/notes-wire.ts'

class Incomplete extends Error {}

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
  if (doc.store.pendingStructs || doc.store.pendingDs) throw new Incomplete('an update in the log builds on something that is not there')
}

/** A note out of its log; `left`: the indices of updates that cannot be applied and were left out, so that the rest is not lost. */
export function restore(updates: readonly Uint8Array[]): { doc: Y.Doc; left: number[] } {
  const doc = createNoteDocument()
  try {
    applyStored(doc, updates)
    return { doc, left: [] }
  } catch {
    return restoreOneByOne(updates)
  }
}

/** A document in which Yjs threw is of no use: after each such update it is made anew without it. */
function restoreOneByOne(updates: readonly Uint8Array[]): { doc: Y.Doc; left: number[] } {
  const left = new Set<number>()
  for (;;) {
    const doc = createNoteDocument()
    const thrown = applyEach(doc, updates, left)
    if (thrown === null) return { doc, left: [...left].toSorted((a, b) => a - b) }
    left.add(thrown)
  }
}

/** Adds to `left` what is incomplete; returns the index of the first on which Yjs threw, or null. */
function applyEach(doc: Y.Doc, updates: readonly Uint8Array[], left: Set<number>): number | null {
  for (const [index, update] of updates.entries()) {
    if (left.has(index)) continue
    try {
      applyStored(doc, [update])
    } catch (error) {
      if (!(error instanceof Incomplete)) return index
      doc.store.pendingStructs = doc.store.pendingDs = null
      left.add(index)
    }
  }
  return null
}

/** Several updates that follow one another as few: one, unless they are many or long, where merging costs more than sending. */
export function coalesce(updates: readonly Uint8Array[]): readonly Uint8Array[] {
  const bytes = updates.reduce((sum, update) => sum + update.length, 0)
  return updates.length < 2 || updates.length > 32 || bytes > 64 * 1024 ? updates : [Y.mergeUpdates([...updates])]
}
