import * as decoding from 'lib0/decoding'
import * as Y from 'yjs'
import { NoteLine } from './note-line.ts'
import type { Place } from './place.ts'

/** What a note is to somebody who opens it: the updates of the first sync, undecoded. */
export async function readNote(place: Place): Promise<Uint8Array[]> {
  const updates: Uint8Array[] = []
  const line = new NoteLine(place, (message, at) => {
    const decoder = decoding.createDecoder(message)
    decoder.pos = at
    updates.push(decoding.readVarUint8Array(decoder))
  })
  await line.joined()
  line.close()
  return updates
}

/** A document of these. */
export function documentOf(updates: readonly Uint8Array[]): Y.Doc {
  const doc = new Y.Doc()
  for (const update of updates) Y.applyUpdate(doc, update)
  return doc
}
