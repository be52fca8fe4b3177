import type { Id } from '#shared/contracts/ids.ts'
import { type Link, type LinkPurpose, invitationMs, resetMs } from '#shared/contracts/link.ts'
import type { MakeResetLink, RenewInvitation } from '#shared/contracts/member.ts'
import type { Refusal } from '#shared/contracts/refusals.ts'
import { can } from '#shared/domain/access.ts'
import { linkState } from '#shared/domain/membership.ts'
import type { SeatedMember } from '../store/store.ts'
import { changeMember } from './change-member.ts'
import type { Context, Decision } from './context.ts'

/** A new link for who has not joined yet, for 7 days; the one before stops at once. */
export async function renewInvitation(context: Context, command: RenewInvitation): Decision {
  if (!can(context.actor, 'link.make')) return { code: 'forbidden', action: 'link.make' }
  return addInvitation(context, command, context.actor.memberId)
}

/** The same without a right, for the command line: `madeBy` is null there. */
export async function addInvitation(
  context: Context,
  { memberId, linkId }: Pick<RenewInvitation, 'memberId' | 'linkId'>,
  madeBy: Id | null,
): Decision {
  const member = await context.view.get('member', memberId)
  if (!member) return { code: 'notFound', what: 'member' }
  if (member.state !== 'invited') return { code: 'memberState', state: member.state }
  const expiresAt = context.now + invitationMs
  return (
    (await makeLink(context, { id: linkId, memberId, purpose: 'invitation', expiresAt }, madeBy)) ??
    changeMember(context, member, { invitedUntil: expiresAt })
  )
}

/** A link by which an active member sets a new password, for 1 hour; the one before stops at once. The member and the admins are told. */
export async function makeResetLink(context: Context, command: MakeResetLink): Decision {
  if (!can(context.actor, 'link.make')) return { code: 'forbidden', action: 'link.make' }
  return addResetLink(context, command, context.actor.memberId)
}

/** The same without a right, for the command line: `madeBy` is null there. */
export async function addResetLink(
  context: Context,
  { memberId, linkId }: Pick<MakeResetLink, 'memberId' | 'linkId'>,
  madeBy: Id | null,
): Decision {
  const { view, now, emit } = context
  const member = await view.get('member', memberId)
  if (!member) return { code: 'notFound', what: 'member' }
  if (member.state !== 'active') return { code: 'memberState', state: member.state }
  const refusal = await makeLink(context, { id: linkId, memberId, purpose: 'reset', expiresAt: now + resetMs }, madeBy)
  if (refusal) return refusal
  emit({ type: 'member.resetLinkMade', memberId })
  return null
}

/** Keeps a new link, and stops the member's earlier ones of the same purpose. */
export async function makeLink(
  context: Context,
  link: Pick<Link, 'id' | 'memberId' | 'purpose' | 'expiresAt'>,
  madeBy: Id | null = context.actor.memberId,
): Decision {
  if (await context.view.get('link', link.id)) return { code: 'idTaken' }
  await stopLinks(context, link.memberId, link.purpose)
  context.view.put('link', { ...link, madeBy, usedAt: null, stoppedAt: null })
  return null
}

/** Stops a member's links of one purpose, or all; also used ones, which might be given back. */
export async function stopLinks({ view, now }: Context, memberId: Id, purpose?: LinkPurpose): Promise<void> {
  for (const link of await view.all('link')) {
    if (link.memberId !== memberId || link.stoppedAt !== null) continue
    if (!purpose || link.purpose === purpose) view.put('link', { ...link, stoppedAt: now })
  }
}

/** A link that can be taken up now, with its member. */
export interface LiveLink {
  link: Link
  member: SeatedMember
}

/** What a link can be read from: a batch's view, or the store for one office. */
export interface LinkSource {
  link(id: Id): Promise<Link | null>
  member(id: Id): Promise<SeatedMember | null>
  /** Names of the admins who can make another. */
  admins: readonly string[]
}

/** Finds a link by its id, or why it does nothing (any more). */
export async function findLink(source: LinkSource, linkId: Id, purpose: LinkPurpose, now: number): Promise<LiveLink | Refusal> {
  const link = await source.link(linkId)
  const member = link && (await source.member(link.memberId))
  const dead = linkState(link, purpose, member, now)
  if (!dead && link && member) return { link, member }
  const { state, at } = dead ?? { state: 'stopped', at: null }
  return { code: 'link', state, admins: state === 'unknown' ? [] : [...source.admins], at }
}

function sourceOf({ view }: Context): LinkSource {
  return { link: (id) => view.get('link', id), member: (id) => view.get('member', id), admins: adminNames(view.frame) }
}

export function adminNames({ members }: Context['view']['frame']): string[] {
  return members.filter((m) => m.role === 'admin' && m.state === 'active').map((m) => m.name)
}

/** Takes up an invitation: the link is used up and the member seated in the same commit. */
export async function join(
  context: Context,
  linkId: Id,
  joiner: { name: string; language: SeatedMember['language']; accountId: string },
): Decision {
  const found = await findLink(sourceOf(context), linkId, 'invitation', context.now)
  if ('code' in found) return found
  context.view.put('link', { ...found.link, usedAt: context.now })
  const { name, language, accountId } = joiner
  return changeMember(context, found.member, { name, language, state: 'active', invitedUntil: null }, accountId)
}

/** Uses up a reset link. The password itself is set after this is committed. */
export async function claimReset(context: Context, linkId: Id): Decision {
  const found = await findLink(sourceOf(context), linkId, 'reset', context.now)
  if ('code' in found) return found
  context.view.put('link', { ...found.link, usedAt: context.now })
  context.emit({ type: 'member.passwordReset', memberId: found.member.id })
  return null
}

/** Gives a used reset link back, where the password could not be set; one that was stopped meanwhile stays so. */
export async function giveBackReset(context: Context, linkId: Id): Decision {
  const link = await context.view.get('link', linkId)
  if (link?.usedAt != null) context.view.put('link', { ...link, usedAt: null })
  return null
}
