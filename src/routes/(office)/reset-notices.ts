import { goto } from '$app/navigation'
import type { MemberPasswordEvent } from '#shared/contracts/member.ts'
import { live } from '$lib/live/live.svelte.ts'
import { memberOf } from '$lib/people.ts'
import { toasts } from '$lib/toasts.svelte.ts'
import { m } from '$paraglide/messages.js'

/** A toast when a link for a new password is made or used: for the member it is about, and for the admins who did not make it. Returns the way out. */
export function watchResetLinks(): () => void {
  const { workspace } = live
  return workspace.onEvent((event) => {
    if (event.type !== 'member.resetLinkMade' && event.type !== 'member.passwordReset') return
    if (event.by === workspace.memberId && event.memberId !== workspace.memberId) return
    const mine = event.memberId === workspace.memberId
    const by = memberOf(workspace.frame, event.by)?.name ?? ''
    const name = memberOf(workspace.frame, event.memberId)?.name ?? ''
    const action = mine
      ? { label: m.settings_profile(), run: () => void goto('/settings/profile') }
      : { label: m.people_title(), run: () => void goto(`/settings/members?member=${event.memberId}`) }
    toasts.show({ text: noticeText(event.type, mine, by, name), action, ms: 20_000 })
  })
}

function noticeText(type: MemberPasswordEvent['type'], mine: boolean, by: string, name: string): string {
  if (type === 'member.passwordReset') return m.people_reset_used_for({ name })
  return mine ? m.people_reset_made_you({ by }) : m.people_reset_made_for({ by, name })
}
