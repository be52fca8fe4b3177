import type { Access, Subject } from '../contracts/dossier.ts'
import type { OfficeEvent } from '../contracts/events.ts'
import type { Id } from '../contracts/ids.ts'
import type { DossierChanges } from '../contracts/my-day.ts'
import type { Actor } from './access.ts'
import { entryOf } from './history.ts'
import { subjectsOf } from './undo.ts'

/** Is this the member's: do they own it, or were they added as a reader? */
export function isOnesOwn(actor: Pick<Actor, 'ownerIds' | 'memberId'>, { ownerId, readerIds }: Access): boolean {
  return (ownerId !== null && actor.ownerIds.includes(ownerId)) || readerIds.includes(actor.memberId)
}

/**
 * What others did to the member's dossiers: to those that were theirs before or are after, so also that one was given to them, or away.
 * `events` ascending; the newest first comes out, by dossier, at most `most` changes. Who may see what is not judged here.
 */
export function changesByOthers(
  actor: Pick<Actor, 'ownerIds' | 'memberId'>,
  events: readonly OfficeEvent[],
  most: number,
): { changes: DossierChanges[]; more: boolean } {
  const byDossier = new Map<Id, DossierChanges>()
  let count = 0
  for (const event of events.toReversed()) {
    if (event.by === actor.memberId) continue
    for (const subject of othersSubjects(actor, event)) {
      const entry = entryOf(event, subject)
      if (!entry) continue
      if (count === most) return { changes: [...byDossier.values()], more: true }
      count++
      const known = byDossier.get(subject.dossierId)
      if (known) known.entries.push(entry)
      else byDossier.set(subject.dossierId, { dossierId: subject.dossierId, entries: [entry] })
    }
  }
  return { changes: [...byDossier.values()], more: false }
}

function othersSubjects(actor: Pick<Actor, 'ownerIds' | 'memberId'>, event: OfficeEvent): Subject[] {
  if (event.type === 'dossier.created') {
    const { id, divisionId, ownerId, readerIds } = event.dossier
    const access = { divisionId, ownerId, readerIds }
    return isOnesOwn(actor, access) ? [{ dossierId: id, fields: {}, access: { before: access, after: access } }] : []
  }
  return (subjectsOf(event) ?? []).filter(({ access }) => isOnesOwn(actor, access.before) || isOnesOwn(actor, access.after))
}
