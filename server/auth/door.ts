import type { Id } from '#shared/contracts/ids.ts'
import type { Actor } from '#shared/domain/access.ts'
import type { Offices, OfficeState } from '../queries/offices.ts'
import type { Store } from '../store/store.ts'
import type { Accounts } from './accounts.ts'

/**
 * Who a request comes from: the same function at all three doors (API, Socket.io, notes). Null: nobody signed in, or not active. Throws
 * `NotCertain`.
 */
export type Authenticate = (headers: Headers) => Promise<{ actor: Actor; sessionKey: string } | null>

/** Who a request comes from cannot be told now: the store does not answer, or not for certain. */
export class NotCertain extends Error {
  override name = 'NotCertain'
}

/** A session is read from the accounts once in so many milliseconds; signing out drops it at once. */
const sessionMs = 5_000
/** So long an ended session is remembered: longer than any look-up of it can be under way. */
const endedMs = 60_000
const mostSessions = 10_000

export interface Door {
  authenticate: Authenticate
  /** The session ended: its cookie is nobody's from now on, also where a look-up is under way. */
  sessionEnded(sessionKey: string): void
  /** Has it ended, as far as was told here? */
  hasEnded(sessionKey: string): boolean
}

type Found = Awaited<ReturnType<Accounts['session']>>

export interface DoorOptions {
  accounts: Pick<Accounts, 'session'>
  store: Pick<Store, 'seat' | 'upToDate'>
  offices: Pick<Offices, 'actor'>
  /** The office as the store has it now. */
  current: (officeId: Id) => Promise<OfficeState | null>
  /** Milliseconds of a clock. */
  now: () => number
}

/** Rights are never kept: the actor is taken from the office as it is at each call. */
export function createDoor({ accounts, store, offices, current, now }: DoorOptions): Door {
  // which member an account belongs to never changes, once there is one
  const seats = new Map<string, { officeId: Id; memberId: Id }>()
  const sessions = new Map<string, { readAt: number; found: Promise<Found> }>()

  // of those that ended lately: what was read of them before counts no more
  const ended = new Map<string, number>()

  const sessionOf = (headers: Headers, cookie: string): Promise<Found> => {
    const known = sessions.get(cookie)
    if (known && now() - known.readAt < sessionMs) return known.found
    if (sessions.size >= mostSessions) sessions.clear()
    const found = accounts.session(headers)
    sessions.set(cookie, { readAt: now(), found })
    found.then(
      (session) => session ?? sessions.delete(cookie),
      () => sessions.delete(cookie),
    )
    return found
  }

  async function actorOf(accountId: string): Promise<Actor | null> {
    const seat = seats.get(accountId) ?? (await store.seat(accountId))
    if (!seat) return null
    seats.set(accountId, seat)
    return offices.actor(seat.officeId, seat.memberId)
  }

  /** Who has a session and no seat may have joined a moment ago, on another node: looked up once more in what is certain. */
  async function certainActorOf(accountId: string): Promise<Actor | null> {
    const actor = await actorOf(accountId)
    if (actor) return actor
    await store.upToDate(seats.get(accountId)?.officeId ?? null)
    const seat = await store.seat(accountId)
    if (seat) await current(seat.officeId)
    return actorOf(accountId)
  }

  async function authenticate(headers: Headers): ReturnType<Authenticate> {
    const cookie = headers.get('cookie')
    if (!cookie) return null
    const session = await sessionOf(headers, cookie)
    if (!session || ended.has(session.sessionKey)) return null
    const actor = await certainActorOf(session.accountId)
    return actor && !ended.has(session.sessionKey) ? { actor, sessionKey: session.sessionKey } : null
  }

  return {
    authenticate: (headers) =>
      authenticate(headers).catch((cause: unknown) => {
        throw new NotCertain('who a request comes from cannot be told now', { cause })
      }),
    sessionEnded(sessionKey) {
      const long = now() - endedMs
      for (const [key, at] of ended) if (at < long) ended.delete(key)
      ended.set(sessionKey, now())
    },
    hasEnded: (sessionKey) => ended.has(sessionKey),
  }
}
