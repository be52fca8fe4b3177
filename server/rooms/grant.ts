import type { Id } from '#shared/contracts/ids.ts'
import type { CommentGrant } from '#shared/contracts/answers/comment.ts'
import { commentsNote, type NoteId } from '#shared/contracts/note-id.ts'
import { type NoteGrant, noteSchema, readerClient } from '#shared/contracts/notes-wire.ts'
import type { Refusal } from '#shared/contracts/refusals.ts'
import type { Actor } from '#shared/domain/access.ts'
import type { Environment } from './environment.ts'
import type { Registry } from './registry.ts'

/**
 * What a browser needs before it makes a Y.Doc: a client id that was never used, bound to this member and note. A dossier this member
 * may not see is refused like one that does not exist. The room is loaded on the way, for the channel that follows.
 * `ahead`: how many ids more, for documents that are made without a connection.
 */
export async function grantNote(
  environment: Environment,
  registry: Registry,
  actor: Actor,
  dossierId: Id,
  ahead = 0,
): Promise<NoteGrant | Refusal> {
  const { officeId, memberId } = actor
  const right = await environment.judge(officeId, memberId, dossierId)
  if (!right.read) return { code: 'notFound', what: 'dossier' }
  return granted(environment, registry, officeId, dossierId, {
    clientId: () => environment.store.grantClient(officeId, dossierId, memberId),
    mayWrite: right.write,
    ahead,
  })
}

/**
 * The same for the comments of these members on a dossier that this member may see: client ids for their own, while those of others are
 * opened to read.
 */
export function grantComments(
  environment: Environment,
  registry: Registry,
  { officeId, memberId }: Actor,
  dossierId: Id,
  authors: readonly Id[],
  ahead = 0,
): Promise<CommentGrant[]> {
  return Promise.all(
    authors.map(async (authorId) => {
      const note = commentsNote(dossierId, authorId)
      const { write } = authorId === memberId ? await environment.judge(officeId, memberId, note) : { write: false }
      const clientId = async () => (write ? environment.store.grantClient(officeId, note, memberId) : readerClient)
      return {
        authorId,
        ...(await granted(environment, registry, officeId, note, { clientId, mayWrite: write, ahead: write ? ahead : 0 })),
      }
    }),
  )
}

/** Loads the room, for the channel that follows. */
async function granted(
  environment: Environment,
  registry: Registry,
  officeId: Id,
  note: NoteId,
  { clientId, mayWrite, ahead = 0 }: { clientId: () => Promise<number>; mayWrite: boolean; ahead?: number },
): Promise<NoteGrant> {
  const room = await registry.acquire(officeId, note)
  try {
    const [id, more] = await Promise.all([clientId(), Promise.all(Array.from({ length: ahead }, clientId))])
    return { note, epoch: room.epoch, schema: noteSchema, clientId: id, mayWrite, ahead: more }
  } finally {
    registry.release(room)
  }
}
