import type { Id } from '#shared/contracts/ids.ts'
import type { MemberChanges, MemberFields } from '#shared/contracts/member.ts'
import type { Owner } from '#shared/contracts/owner.ts'
import { bringsEntry } from '#shared/domain/membership.ts'
import { ownEntry } from '#shared/domain/ownership.ts'
import type { SeatedMember } from '../store/store.ts'
import type { Context, Decision } from './context.ts'

type Wanted = { [F in keyof MemberFields]?: MemberFields[F] | undefined }

/** Writes what differs, with the member's entry of the directory where it is new or has another name. Fences notes where reach moves. */
export async function changeMember(
  { view, newId, emit }: Context,
  member: SeatedMember,
  wanted: Wanted,
  accountId = member.accountId,
): Decision {
  const fields = differing(member, wanted)
  if (Object.keys(fields).length === 0) return null
  const after: SeatedMember = { ...member, ...given(wanted), accountId }
  const entry = ownEntry(view.frame, member.id)
  const owner = entry ? renamed(entry, fields) : fields.role && bringsEntry(after.role) ? entryOf(after, newId()) : undefined
  view.put('member', after)
  if (owner) view.put('owner', owner)
  emit({ type: 'member.changed', memberId: member.id, fields, ...(owner && { owner }) })
  if (fields.role || fields.divisionIds || fields.state) view.fence('all')
  return null
}

function differing(member: SeatedMember, wanted: Wanted): MemberChanges {
  return Object.fromEntries(
    Object.entries(given(wanted))
      .map(([field, after]) => [field, member[field as keyof MemberFields], after] as const)
      .filter(([, before, after]) => String(before) !== String(after))
      .map(([field, before, after]) => [field, [before, after]]),
  )
}

function given(wanted: Wanted): Partial<MemberFields> {
  return Object.fromEntries(Object.entries(wanted).filter(([, after]) => after !== undefined))
}

/** A member's entry of the owner directory; its divisions are the member's. */
export function entryOf({ id: memberId, name }: Pick<SeatedMember, 'id' | 'name'>, id: Id): Owner {
  return { id, name, memberId, divisionIds: [] }
}

function renamed(entry: Owner, { name }: MemberChanges): Owner | undefined {
  return name && { ...entry, name: name[1] }
}
