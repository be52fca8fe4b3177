import { type Context, Hono } from 'hono'
import type { z } from 'zod'
import { type Invitation, Join, Joined, LookAtLink, type PasswordReset, PasswordWasSet, ResetPassword } from '#shared/contracts/join.ts'
import type { Id } from '#shared/contracts/ids.ts'
import { linkIdOf, type LinkPurpose } from '#shared/contracts/link.ts'
import type { Frame } from '#shared/contracts/office.ts'
import type { Refusal } from '#shared/contracts/refusals.ts'
import { personalWords } from '#shared/domain/password.ts'
import { type Accounts, addressHeader, type EndSessions } from '../auth/accounts.ts'
import { type Limits, networkOf } from '../auth/limits.ts'
import { refusePassword } from '../auth/password-rule.ts'
import { seatAccount } from '../auth/seating.ts'
import { invalid } from '../commands/invalid.ts'
import { adminNames, claimReset, findLink, giveBackReset, join, type LiveLink } from '../commands/link.ts'
import type { CommandQueue } from '../commands/queue.ts'
import type { OfficeState } from '../queries/offices.ts'
import type { Store } from '../store/store.ts'
import { refusalResponse, tooOften } from './refusal-response.ts'

export interface LinkDoorsOptions {
  accounts: Accounts
  store: Store
  queue: CommandQueue
  limits: Limits
  now: () => number
  newId: () => Id
  /** The office as the store has it now, also where another process wrote to it; null: there is none. */
  current: (officeId: Id) => Promise<OfficeState | null>
  endSessions: EndSessions
  /** The client's address, from the socket or the trusted proxy. */
  addressOf: (c: Context) => string
}

/** A link that can be taken up, in its office. */
interface Found extends LiveLink {
  frame: Frame
}

const unknownLink: Refusal = { code: 'link', state: 'unknown', admins: [], at: null }

/** What somebody without a session may do by a link: look at what it is for, join, set a new password. */
export function createLinkDoors(options: LinkDoorsOptions): Hono {
  const doors = new Hono()
  const inTurn = turns()
  doors.post('/api/v1/join/look', (c) =>
    answer(options, c, LookAtLink, async (asked) => {
      const found = await find(options, asked, 'invitation')
      return 'code' in found ? found : Response.json(invitationOf(found))
    }),
  )
  doors.post('/api/v1/reset/look', (c) =>
    answer(options, c, LookAtLink, async (asked) => {
      const found = await find(options, asked, 'reset')
      return 'code' in found ? found : Response.json(resetOf(found))
    }),
  )
  doors.post('/api/v1/join', (c) =>
    answer(options, c, Join, async (asked) => {
      const found = await find(options, asked, 'invitation')
      if ('code' in found) return found
      // one address at a time: of two who come with it, the second finds the first one's account seated
      const refusal = await inTurn(found.member.email, () => takeUp(options, asked))
      return (
        refusal ?? signedIn(options, c, found.member.email, asked.password, Response.json(Joined.parse({ joined: true }), { status: 201 }))
      )
    }),
  )
  doors.post('/api/v1/reset', (c) =>
    answer(options, c, ResetPassword, async (asked) => {
      const found = await find(options, asked, 'reset')
      if ('code' in found) return found
      const refusal = await setPassword(options, asked, found)
      return refusal ?? signedIn(options, c, found.member.email, asked.password, Response.json(PasswordWasSet.parse({ reset: true })))
    }),
  )
  return doors
}

/** Counts the attempt, parses, works, and answers; an attempt that was none at guessing is not counted. */
async function answer<S extends z.ZodType>(
  { limits, addressOf }: LinkDoorsOptions,
  c: Context,
  schema: S,
  work: (asked: z.output<S>) => Promise<Refusal | Response>,
): Promise<Response> {
  const taken = limits.link.take(networkOf(addressOf(c)))
  if ('waitSeconds' in taken) return refusalResponse(tooOften(taken.waitSeconds))
  const parsed = schema.safeParse(await c.req.json().catch(() => undefined))
  if (!parsed.success) return refusalResponse(invalid(parsed.error))
  const done = await work(parsed.data)
  if (!('code' in done) || done.code !== 'link' || done.state !== 'unknown') taken.giveBack()
  return 'code' in done ? refusalResponse(done) : done
}

async function find(
  { store, current, now }: LinkDoorsOptions,
  { officeId, code }: LookAtLink,
  purpose: LinkPurpose,
): Promise<Found | Refusal> {
  const state = await current(officeId)
  if (!state) return unknownLink
  const { frame } = state
  const source = {
    link: (id: Id) => store.get(officeId, 'link', id),
    member: (id: Id) => store.get(officeId, 'member', id),
    admins: adminNames(frame),
  }
  const found = await findLink(source, linkIdOf(code), purpose, now())
  return 'code' in found ? found : { ...found, frame }
}

function invitationOf({ link, member, frame }: Found): Invitation {
  const { name, email, language } = member
  const invitedBy = frame.members.find((m) => m.id === link.madeBy)?.name ?? null
  return { officeName: frame.office.name, name, email, language, expiresAt: link.expiresAt, invitedBy }
}

function resetOf({ link, member: { name, email }, frame }: Found): PasswordReset {
  return { officeName: frame.office.name, name, email, expiresAt: link.expiresAt }
}

/** Seats the member; the commit that does it uses up the link. */
async function takeUp(options: LinkDoorsOptions, asked: Join): Promise<Refusal | null> {
  const { accounts, store, queue, newId } = options
  const found = await find(options, asked, 'invitation')
  if ('code' in found) return found
  const { officeId, code, name, password, language } = asked
  const { id: memberId, email } = found.member
  const weak = await refusePassword(password, personalWords({ email, name, officeName: found.frame.office.name }))
  if (weak) return weak
  const refusal = await seatAccount({ accounts, store }, { officeId, email, name, password }, async (accountId) => {
    const joined = await queue.perform(officeId, memberId, newId(), (context) =>
      join(context, linkIdOf(code), { name, language, accountId }),
    )
    return joined.ok ? null : joined.refusal
  })
  if (refusal?.code !== 'addressTaken') return refusal
  // perhaps by this very link, on another node
  const after = await find(options, asked, 'invitation')
  return 'code' in after ? after : refusal
}

/** The link first, so that of two one wins; it is given back when the password could not be set. All sessions end. */
async function setPassword(options: LinkDoorsOptions, asked: ResetPassword, { member, frame }: Found): Promise<Refusal | null> {
  const { accounts, queue, newId, endSessions } = options
  const { officeId, code, password } = asked
  const { id: memberId, email, name, accountId } = member
  if (!accountId) throw new Error('an active member has an account')
  const weak = await refusePassword(password, personalWords({ email, name, officeName: frame.office.name }))
  if (weak) return weak
  const linkId = linkIdOf(code)
  const claimed = await queue.perform(officeId, memberId, newId(), (context) => claimReset(context, linkId))
  if (!claimed.ok) return claimed.refusal
  try {
    await accounts.setPassword(accountId, password)
  } catch (error) {
    await queue.perform(officeId, memberId, newId(), (context) => giveBackReset(context, linkId))
    throw error
  }
  await endSessions(accountId)
  return null
}

/** The answer with the cookie of a new session. */
async function signedIn(
  { accounts, addressOf }: LinkDoorsOptions,
  c: Context,
  email: string,
  password: string,
  done: Response,
): Promise<Response> {
  return withSession(accounts, c.req.raw.headers, addressOf(c), { email, password }, done)
}

/** Signs in and adds the session's cookie to an answer. `from`: the headers of the request, `address`: of the client. */
export async function withSession(
  accounts: Accounts,
  from: Headers,
  address: string,
  credentials: { email: string; password: string },
  done: Response,
): Promise<Response> {
  const headers = new Headers(from)
  headers.set(addressHeader, address)
  const { response } = await accounts.signIn(credentials, headers)
  for (const cookie of response.headers.getSetCookie()) done.headers.append('set-cookie', cookie)
  return done
}

/** Work under one key is done one after the other. */
function turns(): <T>(key: string, work: () => Promise<T>) => Promise<T> {
  const last = new Map<string, Promise<unknown>>()
  return (key, work) => {
    const turn = (last.get(key) ?? Promise.resolve()).then(work)
    const over = turn
      .catch(() => {})
      .then(() => {
        if (last.get(key) === over) last.delete(key)
      })
    last.set(key, over)
    return turn
  }
}
