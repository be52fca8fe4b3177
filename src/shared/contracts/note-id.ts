import { z } from 'zod'
import { Id } from './ids.ts'

/**
 * A document of live text: a dossier's internal note under the dossier's own id, or what one member has written in comments on a dossier,
 * under `<dossier>.<member>`. No id holds a dot.
 */
export const NoteId = z.string().regex(/^[A-Za-z0-9_-]{14,40}(\.[A-Za-z0-9_-]{14,40})?$/, 'a dossier’s id, or that and a member’s')
export type NoteId = z.infer<typeof NoteId>

/** The one document that holds the texts of all comments of a member on a dossier; nobody else writes in it. */
export function commentsNote(dossierId: Id, authorId: Id): NoteId {
  return `${dossierId}.${authorId}`
}

/** The dossier a document belongs to, and whose comments it holds; null: it is the internal note. */
export function partsOf(note: NoteId): { dossierId: Id; authorId: Id | null } {
  const dot = note.indexOf('.')
  return dot < 0 ? { dossierId: note, authorId: null } : { dossierId: note.slice(0, dot), authorId: note.slice(dot + 1) }
}
