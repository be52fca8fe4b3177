import type { Instant } from '../contracts/ids.ts'

/** Times are kept to this, in milliseconds: somebody who types for an hour leaves 60 of them, not 10,000. */
export const stintMs = 60_000

/** What somebody wrote without a pause worth telling: all below this clock that no stint before it has. */
export interface Stint {
  clock: number
  /** When it began. */
  at: Instant
}

/** Takes in that all below this clock was written by now. What is known already stays as it is. */
export function addStint(stints: Stint[], clock: number, at: Instant): void {
  const last = stints.at(-1)
  if (last && clock <= last.clock) return
  // a stint stands under the time at which it began
  if (last && at - last.at < stintMs) last.clock = clock
  else stints.push({ clock, at })
}
