import type { Comment, CommentEvent } from '../contracts/comment.ts'
import type { Access } from '../contracts/dossier.ts'
import type { OfficeEvent } from '../contracts/events.ts'
import type { Id } from '../contracts/ids.ts'
import type { Member } from '../contracts/member.ts'
import { type NoteId, partsOf } from '../contracts/note-id.ts'
import type { Frame } from '../contracts/office.ts'
import type { Refusal } from '../contracts/refusals.ts'
import { type Actor, actorOf, can } from './access.ts'

export interface CommentCounts {
  /** Validated by their author, or written by a rule (S4.12). */
  counted: number
  /** Being written: these count for nothing yet. */
  writing: number
  inSynthesis: number
}

/** S4.12: does it count for the counter, the mentions and the synthesis? */
export function counts({ validatedAt, deletedAt }: Pick<Comment, 'validatedAt' | 'deletedAt'>): boolean {
  return validatedAt !== null && deletedAt === null
}

export function countsOf(comments: Iterable<Comment>): CommentCounts {
  const sums = { counted: 0, writing: 0, inSynthesis: 0 }
  for (const comment of comments) {
    if (counts(comment)) sums.counted++
    else if (comment.deletedAt === null) sums.writing++
    if (counts(comment) && comment.inSynthesis) sums.inSynthesis++
  }
  return sums
}

/** Newest first; those of one moment by their ids, so that every screen has one order. */
export function newestFirst(comments: Iterable<Comment>): Comment[] {
  return [...comments].sort((a, b) => b.writtenAt - a.writtenAt || (a.id < b.id ? 1 : -1))
}

/** Only its author edits and deletes a comment; nobody does so with one that a rule wrote. */
export function mayEdit(actor: Actor, comment: Pick<Comment, 'authorId'>, access: Access): boolean {
  return comment.authorId === actor.memberId && can(actor, 'dossier.comment', access)
}

/** What a member may do with a document of live text on a dossier of this access; comments are written by their author alone. */
export function noteRight(actor: Actor, access: Access, note: NoteId): { read: boolean; write: boolean } {
  const { authorId } = partsOf(note)
  const write = authorId === null ? can(actor, 'note.write', access) : mayEdit(actor, { authorId }, access)
  return { read: can(actor, 'dossier.read', access), write }
}

/** Its author ticks a comment and moves it to another tab; one that a rule wrote, whoever may comment (S4.13). */
export function mayPlace(actor: Actor, comment: Pick<Comment, 'authorId' | 'rule'>, access: Access): boolean {
  return comment.rule !== null ? can(actor, 'dossier.comment', access) : mayEdit(actor, comment, access)
}

/** The members who may be mentioned on a dossier of this access: those who can act here and may see it. */
export function mentionable(frame: Frame, access: Access): Member[] {
  return frame.members.filter(({ id }) => {
    const actor = actorOf(frame, id)
    return actor !== null && can(actor, 'dossier.read', access)
  })
}

/** Refused, naming who, where somebody could not read what they are mentioned in. */
export function refuseMentions(frame: Frame, access: Access, mentions: readonly Id[]): Refusal | null {
  const able = new Set(mentionable(frame, access).map(({ id }) => id))
  const memberIds = mentions.filter((id) => !able.has(id))
  if (memberIds.length === 0) return null
  return { code: 'mentionNotPossible', memberIds, names: memberIds.map((id) => frame.members.find((m) => m.id === id)?.name ?? id) }
}

export function isCommentEvent(event: OfficeEvent): event is OfficeEvent & CommentEvent {
  return 'comment' in event
}

/**
 * The comment as an event leaves it, for a screen that holds it as `known`; the same object where the event is not newer. What a rule's
 * comment is about does not stand in events: of one that was not known it is read with the comments.
 */
export function applyComment(known: Comment | undefined, { comment }: Pick<CommentEvent, 'comment'>): Comment {
  if (!known) return comment
  return known.at >= comment.at ? known : { ...comment, about: known.about }
}
