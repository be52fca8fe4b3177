import type { Client } from '#shared/contracts/client.ts'
import type { Dossier } from '#shared/contracts/dossier.ts'
import { automaticComment, causesOf, isWritten } from '#shared/domain/automatic-comments.ts'
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
      if (isWritten(written, cause)) continue
      const comment = automaticComment({ id: context.newId(), at: 0, writtenAt: context.now }, dossier.id, cause)
      put(context, 'comment.written', dossier, comment)
    }
  }
}
