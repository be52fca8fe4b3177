import { z } from 'zod'
import type { Subject } from './dossier.ts'
import { CalendarDate, Id, Instant } from './ids.ts'
import type { Mention } from './mention.ts'

/** S4.12: the tab of the dossier a comment was written on. */
export const commentTabs = ['general', 'borrowers', 'children', 'project', 'credit', 'assets'] as const
export const CommentTab = z.enum(commentTabs)
export type CommentTab = z.infer<typeof CommentTab>

/** S4.13: the rules that write comments by themselves. */
export const commentRules = ['alternatingCustody'] as const
export const CommentRule = z.enum(commentRules)
export type CommentRule = z.infer<typeof CommentRule>

/** Whom a rule's comment is about: with the rule, its cause. */
export const CommentAbout = z.strictObject({ childName: z.string(), birthDate: CalendarDate.nullable() })
export type CommentAbout = z.infer<typeof CommentAbout>

/** S4.12: everything of a comment but its text, which is Yjs: the fragment `commentField(id)` in the author's document. */
export interface Comment {
  id: Id
  /** Number of the event that last changed it: a screen ignores events at or below it. */
  at: number
  dossierId: Id
  /** Null: a rule wrote it. */
  authorId: Id | null
  /** Null: a person wrote it. */
  rule: CommentRule | null
  /** Only with a rule. Not in events, where nothing personal stands: read with the comments. */
  about: CommentAbout | null
  tab: CommentTab
  /** When it was begun. */
  writtenAt: Instant
  /** Null: it is being written, and counts for nothing yet. */
  validatedAt: Instant | null
  /** When it was last validated again. */
  editedAt: Instant | null
  /** Its place stays, its text is gone. */
  deletedAt: Instant | null
  inSynthesis: boolean
  /** The members mentioned in what was last validated. */
  mentions: Id[]
}

/** The name of the Y.XmlFragment that holds a comment's text. */
export function commentField(commentId: Id): string {
  return `comment-${commentId}`
}
const fieldForm = /^comment-[A-Za-z0-9_-]{14,40}$/

/** Is this the name of a comment's fragment? */
export function isCommentField(name: string): boolean {
  return fieldForm.test(name)
}

/** As much text as a comment takes, in characters. */
export const maxCommentLength = 1_000_000

/* ---- commands ---- */

const one = { dossierId: Id, commentId: Id }

/** From here on the others see it being written. Its id is made by the sender. */
export const BeginComment = z.strictObject({ type: z.literal('comment.begin'), ...one, tab: CommentTab.default('general') })
export type BeginComment = z.infer<typeof BeginComment>

/** Its author says that it counts from here on; again after an edit. `mentions`: everybody mentioned in the text as it is now. */
export const ValidateComment = z.strictObject({ type: z.literal('comment.validate'), ...one, mentions: z.array(Id).max(100).default([]) })
export type ValidateComment = z.infer<typeof ValidateComment>

export const SetSynthesis = z.strictObject({ type: z.literal('comment.setSynthesis'), ...one, inSynthesis: z.boolean() })
export type SetSynthesis = z.infer<typeof SetSynthesis>

export const SetTab = z.strictObject({ type: z.literal('comment.setTab'), ...one, tab: CommentTab })
export type SetTab = z.infer<typeof SetTab>

export const DeleteComment = z.strictObject({ type: z.literal('comment.delete'), ...one })
export type DeleteComment = z.infer<typeof DeleteComment>

/* ---- events ---- */

export interface CommentFields {
  tab: CommentTab
  inSynthesis: boolean
}
export type CommentChanges = { [F in keyof CommentFields]?: [before: CommentFields[F], after: CommentFields[F]] }

/** Something was done to a comment. `subjects` is its dossier, for who may see it; nothing in it changed. */
export interface CommentEvent {
  /** `written`: by a rule. `edited`: validated again. `changed`: tab or synthesis. */
  type: 'comment.begun' | 'comment.validated' | 'comment.edited' | 'comment.changed' | 'comment.deleted' | 'comment.written'
  /** As it is after, without `about`. */
  comment: Comment
  /** Only with `changed`. */
  fields: CommentChanges
  /** Made by it: each rings for its member. */
  mentions: Mention[]
  subjects: Subject[]
  /** Only with `changed`: the number of the event this one took back. */
  undoes?: number
}
