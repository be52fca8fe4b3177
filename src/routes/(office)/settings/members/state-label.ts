import type { Member } from '#shared/contracts/member.ts'
import { m } from '$paraglide/messages.js'
import type { StateFilter } from './member-list.ts'

/** What a state, or a filter by it, is called. */
export function stateLabel(state: Member['state'] | StateFilter): string {
  switch (state) {
    case 'all':
      return m.people_all()
    case 'active':
      return m.people_active()
    case 'invited':
      return m.people_invited()
    case 'deactivated':
      return m.people_deactivated()
  }
}
