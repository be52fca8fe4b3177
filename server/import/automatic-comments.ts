import type { Client } from '#shared/contracts/client.ts'
import type { Dossier } from '#shared/contracts/dossier.ts'
import { automaticComment, causesOf } from '#shared/domain/automatic-comments.ts'
import { isOpen } from '#shared/domain/pipeline.ts'
import type { FileInput, FilePlan } from './file-plan.ts'

/** S4.13: what the rules write on a dossier whose household becomes this one. What was written before is left out by the commit. */
export function planComments(
  plan: FilePlan,
  { known, newId, now }: Pick<FileInput, 'known' | 'newId' | 'now'>,
  dossier: Dossier,
  before: Pick<Client, 'children'> | null,
  after: Pick<Client, 'children'>,
): void {
  if (!isOpen(dossier.status)) return
  for (const cause of causesOf(known.frame.office, before, after)) {
    plan.puts.push({ kind: 'comment', record: automaticComment({ id: newId(), at: 0, writtenAt: now }, dossier.id, cause) })
  }
}
