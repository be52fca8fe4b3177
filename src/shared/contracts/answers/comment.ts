import { z } from 'zod'
import { type Comment, CommentAbout, CommentRule, CommentTab } from '../comment.ts'
import { Id, Instant } from '../ids.ts'
import type { Mention } from '../mention.ts'
import { NoteGrant } from '../notes-wire.ts'

/* What the API answers about comments and mentions. */

const N = z.number().int().nonnegative()

export const CommentAnswer = z
  .strictObject({
    id: Id,
    at: N,
    dossierId: Id,
    authorId: Id.nullable().describe('Null: a rule wrote it.'),
    rule: CommentRule.nullable(),
    about: CommentAbout.nullable().describe('Whom a rule’s comment is about; null in events.'),
    tab: CommentTab,
    writtenAt: Instant,
    validatedAt: Instant.nullable().describe('Null: it is being written, and counts for nothing yet.'),
    editedAt: Instant.nullable(),
    deletedAt: Instant.nullable().describe('Its place stays, its text is gone.'),
    inSynthesis: z.boolean(),
    mentions: z.array(Id),
  })
  .meta({ id: 'Comment' }) satisfies z.ZodType<Comment>

export const MentionAnswer = z
  .strictObject({ id: Id, memberId: Id, dossierId: Id, commentId: Id, by: Id, at: Instant, seenAt: Instant.nullable() })
  .meta({ id: 'Mention' }) satisfies z.ZodType<Mention>

/** Answer of `GET /api/v1/dossiers/<id>/comments`: newest first, deleted ones included. */
export const CommentsAnswer = z.strictObject({
  at: N.describe('The number of the log that this answer covers everything up to.'),
  counts: z.strictObject({ counted: N, writing: N, inSynthesis: N }),
  comments: z.array(CommentAnswer),
})
export type CommentsAnswer = z.infer<typeof CommentsAnswer>

/** Answer of `GET /api/v1/mentions`: those not seen yet of dossiers that the member may see, newest first. */
export const MentionsAnswer = z.strictObject({ at: N, mentions: z.array(MentionAnswer) })
export type MentionsAnswer = z.infer<typeof MentionsAnswer>

/**
 * Answer of `POST /api/v1/dossiers/<id>/comments/grants`: one for each author's document, and one's own. A colleague's has the client id 0:
 * it is opened to read.
 */
export const CommentGrant = NoteGrant.extend({ authorId: Id })
export type CommentGrant = z.infer<typeof CommentGrant>
export const CommentGrantsAnswer = z.strictObject({ grants: z.array(CommentGrant) })
export type CommentGrantsAnswer = z.infer<typeof CommentGrantsAnswer>
