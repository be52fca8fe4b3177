import { createHash } from 'node:crypto'
import * as Y from 'yjs'
import type { NoteLog } from '../store/store.ts'
import { Ledger } from './ledger.ts'
import { applyStored, createNoteDocument, restore } from './note-document.ts'

/** A note as one update, and its state vector. */
export interface Compacted {
  bytes: Uint8Array
  vector: Uint8Array
}

/** The parts of a note's log that become one. */
export type Compactable = Pick<NoteLog, 'snapshot' | 'updates'>

/** The whole log as one update, with what it knows of who wrote and deleted what is in it. Throws what `compact` throws. */
export function compactLog({ snapshot, updates }: Compactable): Compacted & { ledger: Uint8Array } {
  const ledger = Ledger.from(snapshot?.ledger)
  for (const update of updates) ledger.add(update)
  return { ...compact([...(snapshot ? [snapshot.bytes] : []), ...updates.map(({ bytes }) => bytes)]), ledger: ledger.encode() }
}

/**
 * A snapshot and the updates after it as one update, through a document that forgets deleted text. Throws unless the result, read back,
 * is the same note: then nothing may take its place.
 */
export function compact(parts: readonly Uint8Array[]): Compacted {
  const { doc, left } = restore(parts)
  if (left.length > 0) throw new Error(`${left.length} updates of the note cannot be applied`)
  const bytes = Y.encodeStateAsUpdate(doc)
  const again = createNoteDocument()
  applyStored(again, [bytes])
  if (fingerprint(again) !== fingerprint(doc)) throw new Error('the compacted note is not the same when it is read back')
  return { bytes, vector: Y.encodeStateVector(doc) }
}

/** Texts, marks and all, what was deleted, and how far each client id has written. */
function fingerprint(doc: Y.Doc): string {
  const names = [...doc.share.keys()].toSorted()
  const text = JSON.stringify(names.map((name) => [name, doc.getXmlFragment(name).toJSON()]))
  return createHash('sha256')
    .update(text)
    .update(Y.encodeSnapshot(Y.snapshot(doc)))
    .digest('hex')
}
