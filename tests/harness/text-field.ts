import { commentField } from '#shared/contracts/comment.ts'
import { type NoteId, partsOf } from '#shared/contracts/note-id.ts'
import { noteField } from '#shared/contracts/notes-wire.ts'

/** The text that tests write in: of somebody's comments one of them. */
export function textFieldOf(note: NoteId): string {
  return partsOf(note).authorId === null ? noteField : commentField('comment000000001')
}
