import type { Id } from '#shared/contracts/ids.ts'
import { type NoteGrant, noteSchema } from '#shared/contracts/notes-wire.ts'
import type { Refusal } from '#shared/contracts/refusals.ts'
import type { Actor } from '#shared/domain/access.ts'
import type { Environment } from './environment.ts'
import type { Registry } from './registry.ts'

/**
 * What a browser needs before it makes a Y.Doc: a client id that was never used, bound to this member and note. A dossier this member
 * may not see is refused like one that does not exist. The room is loaded on the way, for the channel that follows.
 */
export async function grantNote(environment: Environment, registry: Registry, actor: Actor, dossierId: Id): Promise<NoteGrant | Refusal> {
  const { officeId, memberId } = actor
  const right = await environment.judge(officeId, memberId, dossierId)
  if (!right.read) return { code: 'notFound', what: 'dossier' }
  const room = await registry.acquire(officeId, dossierId)
  try {
    const clientId = await environment.store.grantClient(officeId, dossierId, memberId)
    return { note: dossierId, epoch: room.epoch, schema: noteSchema, clientId, mayWrite: right.write }
  } finally {
    registry.release(room)
  }
}
