import type { DatabaseSync } from 'node:sqlite'
import type { Comment } from '#shared/contracts/comment.ts'
import type { Id } from '#shared/contracts/ids.ts'
import type { Mention } from '#shared/contracts/mention.ts'
import { documentOf } from './records.ts'

/** Comments and mentions: small records, of which there are many, found by what they belong to. */
export function commentTable(db: DatabaseSync) {
  const comments = db.prepare(`SELECT doc FROM records WHERE office = ? AND kind = 'comment' AND doc ->> '$.dossierId' = ? ORDER BY id`)
  const unseen = db.prepare(
    `SELECT doc FROM records WHERE office = ? AND kind = 'mention' AND doc ->> '$.memberId' = ? AND doc ->> '$.seenAt' IS NULL ORDER BY id`,
  )
  const dropComments = db.prepare(`DELETE FROM records WHERE office = ? AND kind = 'comment' AND doc ->> '$.dossierId' = ?`)
  const dropMentions = db.prepare(`DELETE FROM records WHERE office = ? AND kind = 'mention' AND doc ->> '$.dossierId' = ?`)

  return {
    of: (officeId: Id, dossierId: Id): Comment[] => comments.all(officeId, dossierId).flatMap((row) => documentOf<Comment>(row) ?? []),
    mentionsOf: (officeId: Id, memberId: Id): Mention[] => unseen.all(officeId, memberId).flatMap((row) => documentOf<Mention>(row) ?? []),
    /** Part of a commit that removes the dossier. */
    drop(officeId: Id, dossierId: Id): void {
      dropComments.run(officeId, dossierId)
      dropMentions.run(officeId, dossierId)
    },
  }
}
