import type { Id } from '#shared/contracts/ids.ts'
import type { Actor } from '#shared/domain/access.ts'
import type { Offices } from '../queries/offices.ts'
import type { Store } from '../store/store.ts'
import type { Accounts } from './accounts.ts'

/** Who a request comes from: the same function at all three doors (API, Socket.io, notes). Null: nobody signed in, or not active. */
export type Authenticate = (headers: Headers) => Promise<{ actor: Actor; sessionKey: string } | null>

export function createDoor(accounts: Accounts, store: Store, offices: Offices): Authenticate {
  // which member an account belongs to never changes, once there is one
  const seats = new Map<string, { officeId: Id; memberId: Id }>()
  return async (headers) => {
    if (!headers.get('cookie')) return null
    const session = await accounts.session(headers)
    if (!session) return null
    const seat = seats.get(session.accountId) ?? (await store.seat(session.accountId))
    if (!seat) return null
    seats.set(session.accountId, seat)
    const actor = await offices.actor(seat.officeId, seat.memberId)
    return actor && { actor, sessionKey: session.sessionKey }
  }
}
