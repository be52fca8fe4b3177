import { type NoteId, partsOf } from '#shared/contracts/note-id.ts'
import type { Id } from '#shared/contracts/ids.ts'
import type { NoteLog } from '../store/store.ts'
import type { Environment } from './environment.ts'
import { restore } from './note-document.ts'
import type { Registry } from './registry.ts'

/** How often somebody else may be faster, in a row. */
const mostTries = 50

/**
 * Takes a text of a document away for good: it is emptied for everybody who has it open, and what was written in it stands in no log or
 * snapshot any more. May be done again. Throws where that fails: then it is to be done again.
 * @param field the name of the text's fragment
 */
export async function eraseText(
  { store, clock }: Environment,
  registry: Registry,
  { officeId, note }: { officeId: Id; note: NoteId },
  field: string,
): Promise<void> {
  const { dossierId, authorId } = partsOf(note)
  for (let tries = 0; tries < mostTries; tries++) {
    const fence = await store.fence(officeId, note)
    const log = await store.note(officeId, note)
    const { epoch } = log
    const bytes = emptying(log, field)
    if (!bytes && log.updates.length === 0) return store.leaveNoTrace()
    if (bytes) {
      const seq = (log.updates.at(-1)?.seq ?? log.snapshot?.seq ?? 0) + 1
      const append = { officeId, note, epoch, seq, memberId: authorId ?? dossierId, at: clock.now(), bytes, fence }
      const [result] = await store.appendNotes([append])
      // whoever was faster is read, too
      if (result !== 'stored') continue
      registry.heard({ officeId, note }, { epoch, seq })
    }
    await registry.compact(officeId, note)
  }
  throw new Error('a text could not be taken away')
}

/** The deletes that empty a text; null: it is empty. Nothing new is written, so that no client id is needed. */
function emptying({ snapshot, updates }: NoteLog, field: string): Uint8Array | null {
  const { doc } = restore([...(snapshot ? [snapshot.bytes] : []), ...updates.map(({ bytes }) => bytes)])
  const text = doc.getXmlFragment(field)
  let bytes: Uint8Array | null = null
  doc.on('update', (update: Uint8Array) => (bytes = update))
  if (text.length > 0) text.delete(0, text.length)
  doc.destroy()
  return bytes
}
