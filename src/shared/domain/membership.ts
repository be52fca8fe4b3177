import type { Id, Instant } from '../contracts/ids.ts'
import type { Link, LinkPurpose } from '../contracts/link.ts'
import type { LinkState } from '../contracts/join.ts'
import type { Member, Role } from '../contracts/member.ts'

/** Who gets an entry of the owner directory on joining, or on being given this role; clerks and viewers when an admin adds them. */
export function bringsEntry(role: Role): boolean {
  return role === 'admin' || role === 'manager' || role === 'adviser'
}

/** Is this the last admin who can act? They can be neither demoted nor deactivated. */
export function isLastActiveAdmin(members: readonly Pick<Member, 'id' | 'role' | 'state'>[], memberId: Id): boolean {
  const admins = members.filter((m) => m.role === 'admin' && m.state === 'active')
  return admins.length === 1 && admins[0]?.id === memberId
}

/** Why a link does nothing (any more), and since when; null: it can be taken up now. `link` null: there is none of this code. */
export function linkState(
  link: Link | null,
  purpose: LinkPurpose,
  member: Pick<Member, 'state'> | null,
  now: Instant,
): { state: LinkState; at: Instant | null } | null {
  if (link?.purpose !== purpose) return { state: 'unknown', at: null }
  if (link.usedAt !== null) return { state: 'used', at: link.usedAt }
  if (link.stoppedAt !== null) return { state: 'stopped', at: link.stoppedAt }
  if (now >= link.expiresAt) return { state: 'expired', at: link.expiresAt }
  return member?.state === (purpose === 'invitation' ? 'invited' : 'active') ? null : { state: 'stopped', at: null }
}
