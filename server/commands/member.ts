import type { Id } from '#shared/contracts/ids.ts'
import { invitationMs } from '#shared/contracts/link.ts'
import type { ChangeDivisions, ChangeRole, ChangeState, EditProfile, InviteMember, LinkDivision } from '#shared/contracts/member.ts'
import { newMember } from '#shared/contracts/member.ts'
import type { Owner } from '#shared/contracts/owner.ts'
import { can } from '#shared/domain/access.ts'
import { nextColour } from '#shared/domain/colour.ts'
import { bringsEntry, isLastActiveAdmin } from '#shared/domain/membership.ts'
import type { SeatedMember } from '../store/store.ts'
import { changeMember, entryOf } from './change-member.ts'
import type { Context, Decision } from './context.ts'
import { makeLink, stopLinks } from './link.ts'
import { revokeAll } from './token.ts'

/** Somebody new, with the link that lets them in for 7 days. Admins, managers and advisers are in the owner directory from now on. */
export async function invite(context: Context, command: InviteMember): Decision {
  const { view, actor, now, newId, emit } = context
  if (!can(actor, 'link.make')) return { code: 'forbidden', action: 'link.make' }
  const { memberId, email, name, role, language, linkId } = command
  const { members } = view.frame
  if (await view.get('member', memberId)) return { code: 'idTaken' }
  const double = members.find((m) => m.email.toLowerCase() === email)
  if (double) return { code: 'emailInUse', memberName: double.name }
  const divisionIds = [...new Set(command.divisionIds)]
  if (!areDivisions(context, divisionIds)) return { code: 'notFound', what: 'division' }
  const invitedUntil = now + invitationMs
  const refusal = await makeLink(context, { id: linkId, memberId, purpose: 'invitation', expiresAt: invitedUntil })
  if (refusal) return refusal
  const colour = nextColour(divisionIds, members)
  const member = { id: memberId, name, email, role, divisionIds, language, ...newMember, colour, invitedUntil }
  const owner: Owner | null = bringsEntry(role) ? entryOf(member, newId()) : null
  view.put('member', { ...member, accountId: null })
  if (owner) view.put('owner', owner)
  emit({ type: 'member.invited', member, owner })
  return null
}

/** The last active admin cannot be demoted; who becomes admin, manager or adviser is in the owner directory from now on. */
export async function changeRole(context: Context, { memberId, role }: ChangeRole): Decision {
  return onMember(context, memberId, (member) => {
    if (role !== 'admin' && isLastActiveAdmin(context.view.frame.members, memberId)) return { code: 'lastAdmin' }
    return changeMember(context, member, { role })
  })
}

/** S0.1: an admin links members to divisions; a member may be in several. */
export async function changeDivisions(context: Context, { memberId, divisionIds }: ChangeDivisions): Decision {
  return onMember(context, memberId, (member) => {
    if (!areDivisions(context, divisionIds)) return { code: 'notFound', what: 'division' }
    return changeMember(context, member, { divisionIds: [...new Set(divisionIds)] })
  })
}

/** S0.1, one tick: of two that come at once neither undoes the other. */
export async function linkDivision(context: Context, { memberId, divisionId, linked }: LinkDivision): Decision {
  return onMember(context, memberId, (member) => {
    if (!areDivisions(context, [divisionId])) return { code: 'notFound', what: 'division' }
    if (member.divisionIds.includes(divisionId) === linked) return null
    const divisionIds = linked ? [...member.divisionIds, divisionId] : member.divisionIds.filter((id) => id !== divisionId)
    return changeMember(context, member, { divisionIds })
  })
}

/** Deactivated: no link lets in any more; what is in the directory stays. Let in again: as somebody invited where they never joined. */
export async function changeState(context: Context, { memberId, state }: ChangeState): Decision {
  return onMember(context, memberId, async (member) => {
    if (state === 'deactivated') {
      if (isLastActiveAdmin(context.view.frame.members, memberId)) return { code: 'lastAdmin' }
      if (member.state !== 'deactivated') await stopLinks(context, memberId)
      await revokeAll(context, memberId)
      return changeMember(context, member, { state, invitedUntil: null })
    }
    if (member.state === 'invited') return { code: 'memberState', state: 'invited' }
    return changeMember(context, member, { state: member.accountId === null ? 'invited' : 'active' })
  })
}

/** One's own profile; the entry in the directory goes by the same name. */
export async function editProfile(context: Context, { type: _, ...wanted }: EditProfile): Decision {
  const member = await context.view.get('member', context.actor.memberId)
  return member ? changeMember(context, member, wanted) : { code: 'notFound', what: 'member' }
}

async function onMember(context: Context, memberId: Id, decide: (member: SeatedMember) => Awaited<Decision> | Decision): Decision {
  if (!can(context.actor, 'office.manage')) return { code: 'forbidden', action: 'office.manage' }
  const member = await context.view.get('member', memberId)
  return member ? decide(member) : { code: 'notFound', what: 'member' }
}

function areDivisions({ view }: Context, ids: readonly Id[]): boolean {
  return ids.every((id) => view.frame.divisions.some((d) => d.id === id))
}
