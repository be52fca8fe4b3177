import type { Dossier } from '#shared/contracts/dossier.ts'
import type { HistoryEntry } from '#shared/contracts/dossier-page.ts'
import type { Instant } from '#shared/contracts/ids.ts'
import { type Actor, can } from '#shared/domain/access.ts'
import { actionFor, inverse, overtaken, withinAuthorsTime } from '#shared/domain/undo.ts'

type Present = Pick<Dossier, 'versions' | 'ownerId' | 'divisionId' | 'readerIds'>

/**
 * May this change be taken back from the history (L4)? By its author for ten minutes, else by who could set these fields by hand;
 * as long as none of its fields was set since. The server decides by the same rules; this only spares an offer that would be refused.
 */
export function mayUndo(entry: HistoryEntry, dossier: Present, actor: Actor | null, now: Instant): boolean {
  if (!actor || Object.keys(entry.fields).length === 0 || overtaken(dossier, entry.fields, entry.n)) return false
  // with it all the dossiers go back that it moved
  if (entry.type === 'office.stagesChanged') return can(actor, 'office.manage')
  if (entry.by === actor.memberId && withinAuthorsTime(entry, now)) return true
  return can(actor, actionFor(inverse(entry.fields)), dossier)
}

/** The entry that took this one back, if one did and was not itself taken back. */
export function undoneBy(entry: HistoryEntry, history: readonly HistoryEntry[]): HistoryEntry | undefined {
  return history.find((later) => later.undoes === entry.n && !undoneBy(later, history))
}
