import type { Id } from '#shared/contracts/ids.ts'

const mostKept = 12
const place = (memberId: Id) => `recent-${memberId}`

/** Keys of what this member used last in this browser, newest first: ids only, no names. */
export function recentKeys(memberId: Id): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(place(memberId)) ?? '[]')
    return Array.isArray(kept) ? kept.filter((key) => typeof key === 'string') : []
  } catch {
    return []
  }
}

/** Notes that this was used just now. */
export function noteRecent(memberId: Id, key: string): void {
  try {
    localStorage.setItem(place(memberId), JSON.stringify([key, ...recentKeys(memberId).filter((k) => k !== key)].slice(0, mostKept)))
  } catch {
    // storage is blocked: then nothing is recent
  }
}
