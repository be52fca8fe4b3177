import type { Member } from '#shared/contracts/member.ts'
import type { Frame } from '#shared/contracts/office.ts'
import type { Owner } from '#shared/contracts/owner.ts'
import { getLocale } from '$paraglide/runtime.js'

/** The members of an office by name, those who are deactivated last. */
export function peopleOf(frame: Frame): Member[] {
  const { compare } = new Intl.Collator(getLocale())
  const rank = ({ state }: Member) => Number(state === 'deactivated')
  return frame.members.toSorted((a, b) => rank(a) - rank(b) || compare(a.name, b.name))
}

/** The entries of the directory that have no account, by name. */
export function manualEntries(frame: Frame): Owner[] {
  const { compare } = new Intl.Collator(getLocale())
  return frame.owners.filter(({ memberId }) => memberId === null).sort((a, b) => compare(a.name, b.name))
}
