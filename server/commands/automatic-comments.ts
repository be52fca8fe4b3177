import type { Client } from '#shared/contracts/client.ts'
import type { Comment } from '#shared/contracts/comment.ts'
import type { Dossier } from '#shared/contracts/dossier.ts'
import type { Instant } from '#shared/contracts/ids.ts'
import { type Cause, causesOf, isWritten } from '#shared/domain/automatic-comments.ts'
import { isOpen } from '#shared/domain/pipeline.ts'
import { put } from './comment.ts'
import type { Context } from './context.ts'

/** S4.13: what the rules find in a household that became another is written on each of its open dossiers, in the same commit. */
export async function writeAutomatic(
  context: Context,
  dossiers: readonly Dossier[],
  before: Pick<Client, 'children'> | null,
  after: Pick<Client, 'children'>,
): Promise<void> {
  const causes = causesOf(context.view.frame.office, before, after)
  if (causes.length === 0) return
  for (const dossier of dossiers.filter(({ status }) => isOpen(status))) {
    const written = await context.view.commentsOf(dossier.id)
    for (const cause of causes) {
      if (!isWritten(written, cause)) put(context, 'comment.written', dossier, automaticComment(context, dossier, cause))
    }
  }
}

/** S4.13: it counts at once, and is not in the synthesis until it is ticked there. */
export function automaticComment({ newId, now }: { newId: () => string; now: Instant }, dossier: Dossier, { rule, about }: Cause): Comment {
  return {
    ...{ id: newId(), at: 0, dossierId: dossier.id, authorId: null, rule, about, tab: 'general', writtenAt: now },
    ...{ validatedAt: now, editedAt: null, deletedAt: null, inSynthesis: false, mentions: [] },
  }
}
