import type { Member } from '#shared/contracts/member.ts'
import { containsAll, fold, words } from '#shared/domain/fold.ts'

export const stateFilters = ['all', 'active', 'invited', 'deactivated'] as const
export type StateFilter = (typeof stateFilters)[number]

/** The members of this state whose name or address has all the words searched for; by name, who is deactivated after the others. */
export function listed(members: readonly Member[], search: string, state: StateFilter, locale: string): Member[] {
  const wanted = words(search)
  const { compare } = new Intl.Collator(locale)
  return members
    .filter((member) => state === 'all' || member.state === state)
    .filter(({ name, email }) => containsAll(fold(`${name} ${email}`), wanted))
    .sort((a, b) => Number(a.state === 'deactivated') - Number(b.state === 'deactivated') || compare(a.name, b.name))
}

/** How many members each filter would show. */
export function counts(members: readonly Member[]): Record<StateFilter, number> {
  const of = (state: Member['state']) => members.filter((member) => member.state === state).length
  return { all: members.length, active: of('active'), invited: of('invited'), deactivated: of('deactivated') }
}

/** Until when the link of an invitation works; null: there is none that does. `now`: milliseconds since 1970. */
export function validUntil({ invitedUntil }: Pick<Member, 'invitedUntil'>, now: number): number | null {
  return invitedUntil !== null && invitedUntil > now ? invitedUntil : null
}
