import type { Id } from '#shared/contracts/ids.ts'
import { close } from '#shared/contracts/notes-wire.ts'
import { compact } from './compact.ts'
import type { Environment } from './environment.ts'
import type { Registry } from './registry.ts'

/**
 * Puts another text in the place of a note, under its next epoch. Whoever has it open is told to load it again, keeps what was not stored
 * to be copied, and can bring nothing back.
 * @param text the whole text as one V1 update; throws, and changes nothing, where that is not complete in itself
 * @returns `raced`: somebody else rebuilt it meanwhile
 */
export async function rebuildNote(
  { store }: Environment,
  registry: Registry,
  place: { officeId: Id; note: Id },
  text: Uint8Array,
): Promise<'done' | 'raced'> {
  const { officeId, note } = place
  const made = compact([text])
  const { epoch } = await store.note(officeId, note)
  const result = await store.rebuildNote(officeId, note, epoch, made)
  if (result === 'done') registry.breakUpNote(place, close.otherEpoch, 'the note was rebuilt')
  return result
}
