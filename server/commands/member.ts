import type { ChangeDivisions, ChangeRole, MemberChanged, MemberFields } from '#shared/contracts/member.ts'
import type { Id } from '#shared/contracts/ids.ts'
import { can } from '#shared/domain/access.ts'
import type { Context, Decision } from './context.ts'

/** The last active admin cannot be demoted. */
export async function changeRole(context: Context, { memberId, role }: ChangeRole): Decision {
  const { members } = context.view.frame
  const present = members.find((m) => m.id === memberId)
  const isLastAdmin = !members.some((m) => m.id !== memberId && m.role === 'admin' && m.state === 'active')
  if (can(context.actor, 'office.manage') && present?.role === 'admin' && role !== 'admin' && isLastAdmin) return { code: 'lastAdmin' }
  return change(context, memberId, { role })
}

/** S0.1: an admin links members to divisions; a member may be in several. */
export async function changeDivisions(context: Context, { memberId, divisionIds }: ChangeDivisions): Decision {
  const known = context.view.frame.divisions.map((d) => d.id)
  if (!divisionIds.every((id) => known.includes(id))) return { code: 'notFound', what: 'division' }
  return change(context, memberId, { divisionIds: [...new Set(divisionIds)] })
}

async function change(context: Context, memberId: Id, wanted: Partial<MemberFields>): Decision {
  const { view, actor } = context
  if (!can(actor, 'office.manage')) return { code: 'forbidden', action: 'office.manage' }
  const member = await view.get('member', memberId)
  if (!member) return { code: 'notFound', what: 'member' }
  const fields: MemberChanged['fields'] = {}
  if (wanted.role && wanted.role !== member.role) fields.role = [member.role, wanted.role]
  if (wanted.divisionIds && wanted.divisionIds.join() !== member.divisionIds.join()) {
    fields.divisionIds = [member.divisionIds, wanted.divisionIds]
  }
  if (Object.keys(fields).length === 0) return null
  view.put('member', { ...member, ...wanted })
  context.emit({ type: 'member.changed', memberId, fields })
  view.fence('all')
  return null
}
