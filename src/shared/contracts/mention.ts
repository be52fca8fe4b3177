import { z } from 'zod'
import { Id, type Instant } from './ids.ts'

/** Somebody was named in a validated comment: it rings for them, and stays in their list until seen. */
export interface Mention {
  id: Id
  /** Who was mentioned. */
  memberId: Id
  dossierId: Id
  commentId: Id
  by: Id
  at: Instant
  seenAt: Instant | null
}

/** How many mentions one command may mark as seen. */
export const mostSeen = 500

/** One's own mentions were seen. */
export const SeeMention = z.strictObject({ type: z.literal('mention.see'), mentionIds: z.array(Id).min(1).max(mostSeen) })
export type SeeMention = z.infer<typeof SeeMention>

/** Told to that member alone: their other screens take them off the list as well. */
export interface MentionSeen {
  type: 'mention.seen'
  memberId: Id
  mentionIds: Id[]
}
