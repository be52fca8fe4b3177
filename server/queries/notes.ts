import type { NoteHit } from '#shared/contracts/note-hit.ts'
import type { Actor } from '#shared/domain/access.ts'
import { excerptOf } from '#shared/domain/excerpt.ts'
import { words } from '#shared/domain/fold.ts'
import { householdName } from '#shared/domain/household.ts'
import type { Store } from '../store/store.ts'

/** Dossiers the actor may see whose notes have words beginning with those searched for, changed last first. A note is seen by whom sees its dossier. */
export async function findInNotes(store: Store, actor: Actor, search: string, limit: number): Promise<NoteHit[]> {
  const query = words(search)
  const found = await store.searchNotes(actor.officeId, query, limit, actor.seesAll ? undefined : actor)
  return found.map(({ row, text }) => ({
    dossierId: row.id,
    number: row.number,
    name: householdName(row.clientName, row.partnerName),
    excerpt: excerptOf(text, query),
  }))
}
