import type { CommentEvent } from '../contracts/comment.ts'
import type { Subject } from '../contracts/dossier.ts'
import type { HistoryEntry } from '../contracts/dossier-page.ts'
import type { OfficeEvent } from '../contracts/events.ts'
import type { Id } from '../contracts/ids.ts'
import { isCommentEvent } from './comments.ts'
import { subjectsOf } from './undo.ts'

/** What an event says about one dossier, or null when it does not concern it. */
export function historyEntry(event: OfficeEvent, dossierId: Id): HistoryEntry | null {
  if (event.type === 'dossier.created') return event.dossier.id === dossierId ? { ...stampOf(event), fields: {} } : null
  if (event.type === 'dossier.imported' && event.dossierIds.includes(dossierId)) return { ...stampOf(event), fields: {} }
  const subject = subjectsOf(event)?.find((s) => s.dossierId === dossierId)
  return subject ? entryOf(event, subject) : null
}

/** What an event says about one of its subjects; null for a client edited in what its dossiers do not show. */
export function entryOf(event: OfficeEvent, { fields }: Pick<Subject, 'fields'>): HistoryEntry | null {
  if (isCommentEvent(event)) return commentEntry(event)
  if (event.type !== 'dossier.created' && Object.keys(fields).length === 0) return null
  return {
    ...stampOf(event),
    fields,
    ...((event.type === 'dossier.changeUndone' || event.type === 'import.undone') && { undoes: event.undoes }),
  }
}

/** That a comment counts now, that it is gone, or what it is for: not each letter, nor that somebody began. */
function commentEntry(event: OfficeEvent & CommentEvent): HistoryEntry | null {
  if (event.type === 'comment.begun' || event.type === 'comment.edited') return null
  const undoes = event.undoes !== undefined && { undoes: event.undoes }
  return { ...stampOf(event), fields: {}, commentId: event.comment.id, ...undoes }
}

function stampOf({ n, at, by, commandId, via, type }: OfficeEvent): Pick<HistoryEntry, 'n' | 'at' | 'by' | 'commandId' | 'via' | 'type'> {
  return { n, at, by, commandId, type, ...(via !== undefined && { via }) }
}
