import { m } from '$paraglide/messages.js'
import { untilMinute } from '../format.ts'
import type { LinkRefusal } from './link-door.svelte.ts'

/** Why a link does nothing (any more), in words, and how to get a new one. */
export function linkProblem({ state, admins, at }: LinkRefusal): { title: string; text: string; next: string } {
  const next = admins.length > 0 ? m.people_link_ask({ admins: admins.join(', ') }) : m.people_link_ask_plain()
  switch (state) {
    case 'unknown':
      return { title: m.people_link_unknown(), text: m.people_link_unknown_text(), next }
    case 'used':
      return { title: m.people_link_used(), text: m.people_link_used_text(), next }
    case 'expired':
      return { title: m.people_link_expired(), text: at === null ? '' : m.people_link_expired_text({ at: untilMinute(at) }), next }
    case 'stopped':
      return { title: m.people_link_stopped(), text: m.people_link_stopped_text(), next }
  }
}
