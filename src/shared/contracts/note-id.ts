import { z } from 'zod'

export { commentsNote, partsOf } from './note-parts.ts'

/**
 * A document of live text: a dossier's internal note under the dossier's own id, or what one member has written in comments on a dossier,
 * under `<dossier>.<member>`. No id holds a dot.
 */
export const NoteId = z.string().regex(/^[A-Za-z0-9_-]{14,40}(\.[A-Za-z0-9_-]{14,40})?$/, 'a dossier’s id, or that and a member’s')
export type NoteId = z.infer<typeof NoteId>
