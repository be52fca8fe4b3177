import { type Context, Hono } from 'hono'
import { ChangePassword, EndSession, SecurityEvents, type Session } from '#shared/contracts/join.ts'
import { type Id, Id as AnId } from '#shared/contracts/ids.ts'
import { can } from '#shared/domain/access.ts'
import { personalWords } from '#shared/domain/password.ts'
import type { Accounts, EndSessions } from '../auth/accounts.ts'
import type { Limits } from '../auth/limits.ts'
import { refusePassword } from '../auth/password-rule.ts'
import { invalid } from '../commands/invalid.ts'
import type { SeatedMember, Store } from '../store/store.ts'
import type { Env } from './api/answers.ts'
import { refusalResponse, tooOften } from './refusal-response.ts'

export interface MeOptions {
  accounts: Accounts
  store: Store
  limits: Limits
  endSessions: EndSessions
}

/** How many of a member's security events are shown. */
const mostEvents = 50
const eventsAtOnce = 500

/** What a signed-in member does about their own sessions and password, and who made links to set one. */
export function createMe(options: MeOptions): Hono<Env> {
  const { accounts, store, endSessions } = options
  const me = new Hono<Env>()
  me.get('/me/sessions', async (c) => {
    const { accountId } = await ownRecord(store, c)
    const sessions = (await accounts.sessions(accountId)).map(({ key, ...session }): Session => ({
      id: key,
      isCurrent: key === c.get('sessionKey'),
      ...session,
    }))
    return c.json({ sessions })
  })
  me.post('/me/sessions/end', async (c) => {
    const asked = EndSession.safeParse(await c.req.json().catch(() => undefined))
    if (!asked.success) return refusalResponse(invalid(asked.error))
    const { accountId } = await ownRecord(store, c)
    const ended = await endSessions(accountId, (key) => key === asked.data.id)
    return ended > 0 ? c.json({ ended }) : refusalResponse({ code: 'notFound', what: 'session' })
  })
  me.post('/me/sign-out-everywhere', async (c) => {
    const { accountId } = await ownRecord(store, c)
    return c.json({ ended: await endSessions(accountId) })
  })
  me.post('/me/password', (c) => changePassword(options, c))
  me.get('/members/:id/security', async (c) => {
    const actor = c.get('actor')
    const memberId = AnId.safeParse(c.req.param('id'))
    const member = memberId.success ? await store.get(actor.officeId, 'member', memberId.data) : null
    if (!member) return refusalResponse({ code: 'notFound', what: 'member' })
    if (member.id !== actor.memberId && !can(actor, 'office.manage')) return refusalResponse({ code: 'forbidden', action: 'office.manage' })
    return c.json(SecurityEvents.parse({ events: await securityEvents(store, actor.officeId, member.id) }))
  })
  return me
}

/** The present one must be right; all other sessions end. Slowed down like a sign-in, so that a found screen is no way to guess. */
async function changePassword({ accounts, store, limits, endSessions }: MeOptions, c: Context<Env>): Promise<Response> {
  const asked = ChangePassword.safeParse(await c.req.json().catch(() => undefined))
  if (!asked.success) return refusalResponse(invalid(asked.error))
  const { currentPassword, newPassword } = asked.data
  const { accountId, email, name } = await ownRecord(store, c)
  const taken = await limits.account.take(email)
  if ('waitSeconds' in taken) return refusalResponse(tooOften(taken.waitSeconds))
  if (!(await accounts.isPassword(accountId, currentPassword))) return refusalResponse({ code: 'wrongPassword' })
  taken.giveBack()
  const { officeId } = c.get('actor')
  const officeName = (await store.get(officeId, 'office', officeId))?.name ?? ''
  const weak = await refusePassword(newPassword, personalWords({ email, name, officeName }))
  if (weak) return refusalResponse(weak)
  await accounts.setPassword(accountId, newPassword)
  return c.json({ ended: await endSessions(accountId, (key) => key !== c.get('sessionKey')) })
}

async function ownRecord(store: Store, c: Context<Env>): Promise<SeatedMember & { accountId: string }> {
  const { officeId, memberId } = c.get('actor')
  const member = await store.get(officeId, 'member', memberId)
  if (!member?.accountId) throw new Error('who is signed in has an account')
  return { ...member, accountId: member.accountId }
}

async function securityEvents(store: Store, officeId: Id, memberId: Id): Promise<unknown[]> {
  const found: unknown[] = []
  for (let before = Number.MAX_SAFE_INTEGER; ;) {
    const page = await store.history(officeId, memberId, eventsAtOnce, before)
    for (const { type, at, by } of page)
      if (type === 'member.resetLinkMade' || type === 'member.passwordReset') found.push({ type, at, by })
    const last = page.at(-1)
    if (!last || page.length < eventsAtOnce || found.length >= mostEvents) return found.slice(0, mostEvents)
    before = last.n
  }
}
