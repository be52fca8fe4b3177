import type { Id } from './ids.ts'

// without a schema: threads that only take ids apart start a third sooner

/** The one document that holds the texts of all comments of a member on a dossier; nobody else writes in it. */
export function commentsNote(dossierId: Id, authorId: Id): string {
  return `${dossierId}.${authorId}`
}

/** The dossier a document belongs to, and whose comments it holds; null: it is the internal note. */
export function partsOf(note: string): { dossierId: Id; authorId: Id | null } {
  const dot = note.indexOf('.')
  return dot < 0 ? { dossierId: note, authorId: null } : { dossierId: note.slice(0, dot), authorId: note.slice(dot + 1) }
}
