import type { Id, Instant } from '#shared/contracts/ids.ts'
import { readToken, type Token, tokenTouchMs } from '#shared/contracts/token.ts'
import type { Actor } from '#shared/domain/access.ts'
import type { CommandQueue } from '../commands/queue.ts'
import { letsIn } from '../commands/token.ts'
import type { Log } from '../log.ts'
import type { Offices } from '../queries/offices.ts'
import type { Store } from '../store/store.ts'

export interface TokenDoorOptions {
  store: Pick<Store, 'get'>
  offices: Pick<Offices, 'find' | 'actor'>
  queue: Pick<CommandQueue, 'perform'>
  log: Log
  now: () => Instant
  newId: () => Id
}

/** Who acts by a token. */
export interface TokenSeat {
  actor: Actor
  tokenId: Id
}

/** Who a token stands for, looked up at each request; null: nobody, not any more, or a member who may not act. Notes that it was used. */
export function createTokenDoor({ store, offices, queue, log, now, newId }: TokenDoorOptions): (text: string) => Promise<TokenSeat | null> {
  /** What is being noted: a burst of requests notes it once. */
  const noting = new Set<Id>()

  function noteUse(officeId: Id, { id, memberId, usedAt }: Token): void {
    if (noting.has(id) || (usedAt !== null && now() - usedAt < tokenTouchMs)) return
    noting.add(id)
    queue
      .perform(officeId, memberId, newId(), async ({ view }) => {
        const token = await view.get('token', id)
        if (token) view.put('token', { ...token, usedAt: now() })
        return null
      })
      .catch((err: unknown) => log.warn({ err }, 'the use of a token was not noted'))
      .finally(() => noting.delete(id))
  }

  return async (text) => {
    const read = readToken(text)
    // an office that is not here has no tokens
    if (!read || !(await offices.find(read.officeId))) return null
    const { officeId, tokenId } = read
    const token = await store.get(officeId, 'token', tokenId)
    if (!letsIn(token, now())) return null
    const actor = await offices.actor(officeId, token.memberId)
    if (!actor) return null
    noteUse(officeId, token)
    return { actor: { ...actor, token: { name: token.name, scope: token.scope } }, tokenId }
  }
}
