import * as Y from 'yjs'
import { type Comment, commentField, maxCommentLength } from '#shared/contracts/comment.ts'
import { commentsNote } from '#shared/contracts/note-id.ts'
import type { Refusal } from '#shared/contracts/refusals.ts'
import type { View } from './view.ts'

/** Refused where a comment's text is longer than a comment may be; only of what is large as a whole a document is built. */
export async function refuseTooLong(view: View, { id, dossierId, authorId }: Comment): Promise<Refusal | null> {
  if (authorId === null) return null
  const updates = await view.noteUpdates(commentsNote(dossierId, authorId))
  const bytes = updates.reduce((sum, update) => sum + update.length, 0)
  // a character takes a byte at least
  if (bytes <= maxCommentLength) return null
  const length = lengthOf(updates, commentField(id))
  return length > maxCommentLength ? { code: 'commentTooLong', length, most: maxCommentLength } : null
}

function lengthOf(updates: readonly Uint8Array[], field: string): number {
  const doc = new Y.Doc()
  doc.transact(() => updates.forEach((update) => Y.applyUpdate(doc, update)))
  const length = charactersIn(doc.getXmlFragment(field))
  doc.destroy()
  return length
}

function charactersIn(parent: Y.XmlFragment): number {
  const inside = parent.toArray().map((child) => {
    if (child instanceof Y.XmlText) return child.length
    return child instanceof Y.XmlElement ? charactersIn(child) : 0
  })
  return inside.reduce((sum, length) => sum + length, 0)
}
