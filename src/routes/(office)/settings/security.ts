import type { Id, Instant } from '#shared/contracts/ids.ts'
import type { MemberPasswordEvent } from '#shared/contracts/member.ts'
import { fetchJson } from '$lib/live/fetch-json.ts'

/** A link for a new password was made, or one was used. */
export interface SecurityEvent {
  type: MemberPasswordEvent['type']
  at: Instant
  by: Id
}

/** What concerns the security of this member's account, newest first. Only for themselves and admins; throws what `fetchJson` throws. */
export async function fetchSecurity(memberId: Id): Promise<SecurityEvent[]> {
  const { events } = await fetchJson<{ events: SecurityEvent[] }>(`/api/v1/members/${memberId}/security`)
  return events.toSorted((a, b) => b.at - a.at)
}
