import type { Id, Instant } from '#shared/contracts/ids.ts'
import { type MakeToken, mostTokens, type RevokeToken, type Token } from '#shared/contracts/token.ts'
import { can } from '#shared/domain/access.ts'
import type { Context, Decision } from './context.ts'

/** A token of one's own; whoever acts by one makes none, for it would outlive the end of the first. */
export async function make(context: Context, { tokenId, name, scope, expiresAt }: MakeToken): Decision {
  const { view, actor, now, emit } = context
  if (!can(actor, 'token.make')) return { code: 'forbidden', action: 'token.make' }
  if (expiresAt !== null && expiresAt <= now) return { code: 'invalid', issues: [{ field: 'expiresAt', reason: 'after now' }] }
  if (await view.get('token', tokenId)) return { code: 'idTaken' }
  const { memberId } = actor
  const own = (await view.all('token')).filter((token) => token.memberId === memberId)
  if (own.length >= mostTokens) return { code: 'invalid', issues: [{ field: 'tokenId', reason: `at most ${mostTokens} tokens` }] }
  view.put('token', { id: tokenId, memberId, name, scope, madeAt: now, expiresAt, usedAt: null })
  emit({ type: 'token.made', memberId, name })
  return null
}

/** One's own, or, for admins, anybody's. What belongs to another is answered as if it did not exist. */
export async function revoke({ view, actor, emit }: Context, { tokenId }: RevokeToken): Decision {
  if (!can(actor, 'token.make')) return { code: 'forbidden', action: 'token.make' }
  const token = await view.get('token', tokenId)
  if (!token || (token.memberId !== actor.memberId && !can(actor, 'office.manage'))) return { code: 'notFound', what: 'token' }
  view.drop('token', tokenId)
  emit({ type: 'token.revoked', memberId: token.memberId, name: token.name })
  return null
}

/** Whoever leaves has none left, also where they are let in again. */
export async function revokeAll({ view }: Context, memberId: Id): Promise<void> {
  for (const token of await view.all('token')) if (token.memberId === memberId) view.drop('token', token.id)
}

/** Does this token let its member in now? */
export function letsIn(token: Token | null, now: Instant): token is Token {
  return token !== null && (token.expiresAt === null || token.expiresAt > now)
}
