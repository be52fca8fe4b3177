import type { Id } from '#shared/contracts/ids.ts'
import { invitationMs, linkCodeOf, linkIdOf, linkPath, type LinkPurpose, resetMs } from '#shared/contracts/link.ts'
import type { Member, Role } from '#shared/contracts/member.ts'
import { act } from '$lib/act.ts'
import { live } from '$lib/live/live.svelte.ts'
import { divisionLabel } from '$lib/people.ts'
import { roleLabel } from '$lib/role-label.ts'
import { m } from '$paraglide/messages.js'

/** A link that was just made: shown once, for its code stands nowhere else. */
export interface MadeLink {
  purpose: LinkPurpose
  memberId: Id
  name: string
  email: string
  url: string
  /** Milliseconds since 1970. */
  until: number
}

/** A fresh code and what is sent of it: its hash. */
export function newLink(): { code: string; linkId: Id } {
  const code = linkCodeOf(crypto.getRandomValues(new Uint8Array(16)))
  return { code, linkId: linkIdOf(code) }
}

/** The link of a code whose command was accepted just now. */
export function madeLink(purpose: LinkPurpose, { id, name, email }: Pick<Member, 'id' | 'name' | 'email'>, code: string): MadeLink {
  const url = location.origin + linkPath(purpose, live.workspace.frame.office.id, code)
  return { purpose, memberId: id, name, email, url, until: Date.now() + (purpose === 'invitation' ? invitationMs : resetMs) }
}

/** Makes a new invitation link, or one for a new password; null where it was refused (the reason is shown). */
export async function makeLink(purpose: LinkPurpose, member: Member): Promise<MadeLink | null> {
  const { code, linkId } = newLink()
  const type = purpose === 'invitation' ? 'member.renewInvitation' : 'member.makeResetLink'
  const answer = await act({ type, memberId: member.id, linkId }, { silent: true })
  return answer.ok ? madeLink(purpose, member, code) : null
}

export function changeRole({ id, name, role: present }: Member, role: Role): void {
  if (role !== present)
    void act({ type: 'member.changeRole', memberId: id, role }, { done: m.people_role_done({ name, role: roleLabel(role) }) })
}

export function linkDivision({ id, name }: Member, divisionId: Id, linked: boolean): void {
  const division = divisionLabel(live.workspace.frame, divisionId)
  const done = linked ? m.people_linked_done({ name, division }) : m.people_unlinked_done({ name, division })
  void act({ type: 'member.linkDivision', memberId: id, divisionId, linked }, { done })
}

export function changeState({ id, name }: Member, state: 'active' | 'deactivated'): void {
  const done = state === 'active' ? m.people_reactivated_done({ name }) : m.people_deactivated_done({ name })
  void act({ type: 'member.changeState', memberId: id, state }, { done })
}
