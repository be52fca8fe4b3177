import type { HistoryEntry } from '../contracts/dossier-page.ts'
import type { OfficeEvent } from '../contracts/events.ts'
import type { Id } from '../contracts/ids.ts'
import { subjectsOf } from './undo.ts'

/** What an event says about one dossier, or null when it does not concern it. */
export function historyEntry(event: OfficeEvent, dossierId: Id): HistoryEntry | null {
  const base = { n: event.n, at: event.at, by: event.by, commandId: event.commandId, type: event.type }
  if (event.type === 'dossier.created') return event.dossier.id === dossierId ? { ...base, fields: {} } : null
  if (event.type === 'dossier.imported') return event.dossierIds.includes(dossierId) ? { ...base, fields: {} } : null
  const subject = subjectsOf(event)?.find((s) => s.dossierId === dossierId)
  if (!subject) return null
  return { ...base, fields: subject.fields, ...(event.type === 'dossier.changeUndone' && { undoes: event.undoes }) }
}
