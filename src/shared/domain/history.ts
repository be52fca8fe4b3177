import type { HistoryEntry } from '../contracts/dossier-page.ts'
import type { OfficeEvent } from '../contracts/events.ts'
import type { Id } from '../contracts/ids.ts'
import { subjectsOf } from './undo.ts'

/** What an event says about one dossier, or null when it does not concern it. */
export function historyEntry(event: OfficeEvent, dossierId: Id): HistoryEntry | null {
  const base = { n: event.n, at: event.at, by: event.by, commandId: event.commandId, type: event.type }
  if (event.type === 'dossier.created') return event.dossier.id === dossierId ? { ...base, fields: {} } : null
  if (event.type === 'dossier.imported' && event.dossierIds.includes(dossierId)) return { ...base, fields: {} }
  const subject = subjectsOf(event)?.find((s) => s.dossierId === dossierId)
  // a client edited in what its dossiers do not show
  if (!subject || Object.keys(subject.fields).length === 0) return null
  return {
    ...base,
    fields: subject.fields,
    ...((event.type === 'dossier.changeUndone' || event.type === 'import.undone') && { undoes: event.undoes }),
  }
}
