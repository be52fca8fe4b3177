import type { Instant } from '../contracts/ids.ts'

const dayMs = 86_400_000
/** So long all are kept; after it one a day is. */
const allMs = dayMs
/** So long one a day is kept; after it one a week is. */
const dailyMs = 30 * dayMs

const dayOf = (at: Instant): number => Math.floor(at / dayMs)
/** 1970 began on a Thursday; weeks begin on Mondays. Both in UTC: every node is to keep the same ones. */
const weekOf = (at: Instant): number => Math.floor((dayOf(at) + 3) / 7)

/**
 * Which kept states of a note stay: all of the last 24 hours, then the last of each day for 30 days, then the last of each week. The newest
 * stays in any case, and so do named ones. What this leaves out now it leaves out later as well.
 * @param versions in the order in which they came to be
 */
export function keptVersions<V extends { at: Instant; name: string | null }>(versions: readonly V[], now: Instant): V[] {
  const lastOf = (at: Instant): string | null => {
    if (now - at < allMs) return null
    return now - at < dailyMs ? `day ${dayOf(at)}` : `week ${weekOf(at)}`
  }
  const unnamed = versions.filter(({ name }) => name === null)
  // a week that is partly of days still has its last one among those
  const last = new Map(unnamed.flatMap((version) => [`day ${dayOf(version.at)}`, `week ${weekOf(version.at)}`].map((of) => [of, version])))
  return versions.filter((version) => {
    const of = lastOf(version.at)
    return version.name !== null || of === null || last.get(of) === version || version === versions.at(-1)
  })
}
