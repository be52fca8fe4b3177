import type { OfficeEvent } from '#shared/contracts/events.ts'
import type { Id } from '#shared/contracts/ids.ts'
import type { MemberChanged, MemberChanges, MemberFields } from '#shared/contracts/member.ts'
import { can } from '#shared/domain/access.ts'
import { isLastActiveAdmin } from '#shared/domain/membership.ts'
import { changeMember } from './change-member.ts'
import type { Context, Decision } from './context.ts'
import { stopLinks } from './link.ts'

/** What its own member may set, and so take back, without being an admin. */
const ownFields: ReadonlySet<string> = new Set(['name', 'language', 'theme', 'density'])

/** Takes back what a command changed of a member, where none of it has been set since. A link that stopped with it does not come back. */
export async function undoMemberChange(context: Context, event: OfficeEvent & MemberChanged): Decision {
  const { view, actor } = context
  const isOwn = event.memberId === actor.memberId && Object.keys(event.fields).every((field) => ownFields.has(field))
  // who came in, or is to come in no more, does not go back to being invited
  if (event.fields.state?.[0] === 'invited') return { code: 'undoNotPossible', reason: 'notUndoable' }
  if (!isOwn && !can(actor, 'office.manage')) return { code: 'forbidden', action: 'office.manage' }
  const member = await view.get('member', event.memberId)
  if (!member) return { code: 'notFound', what: 'member' }
  const { invitedUntil: _, divisionIds, ...fields } = event.fields
  const overtaken = (Object.keys(fields) as (keyof typeof fields)[]).find((field) => member[field] !== fields[field]?.[1])
  if (overtaken) return { code: 'changedSince', what: member.name, memberName: await lastToSet(context, member.id, overtaken) }
  const before = Object.fromEntries(Object.entries(fields).map(([field, [was]]) => [field, was]))
  const losesAdmin = (fields.role && fields.role[0] !== 'admin') || (fields.state && fields.state[0] !== 'active')
  if (losesAdmin && isLastActiveAdmin(view.frame.members, member.id)) return { code: 'lastAdmin' }
  if (fields.state?.[0] === 'deactivated') await stopLinks(context, member.id)
  const ticks = divisionIds && { divisionIds: ticksBack(context, member.divisionIds, divisionIds) }
  return changeMember(context, member, { ...before, ...ticks })
}

/** Only the ticks of this change go back: what others ticked since stays, and what is gone stays gone. */
function ticksBack({ view }: Context, present: readonly Id[], [before, after]: NonNullable<MemberChanges['divisionIds']>): Id[] {
  const taken = before.filter((id) => !after.includes(id) && !present.includes(id))
  return [...present.filter((id) => before.includes(id) || !after.includes(id)), ...taken].filter((id) =>
    view.frame.divisions.some((division) => division.id === id),
  )
}

async function lastToSet({ view }: Context, memberId: Id, field: keyof MemberFields): Promise<string> {
  const by = await view.lastToSet(memberId, field)
  return view.frame.members.find(({ id }) => id === by)?.name ?? ''
}
