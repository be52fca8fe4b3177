/** How many frames a second a socket may send, and how many at once: a tab that comes back with all its notes sends about a hundred. */
const perSecond = 500
const atOnce = 1_500

/** What one socket may still send of the frames that cost others something: a bucket that fills with time. */
export class Budget {
  readonly #now: () => number
  #left = atOnce
  #countedAt: number

  /** @param now milliseconds since 1970 */
  constructor(now: () => number) {
    this.#now = now
    this.#countedAt = now()
  }

  /** Spends one. False: nothing is left. */
  spend(): boolean {
    const now = this.#now()
    this.#left = Math.min(atOnce, this.#left + (Math.max(0, now - this.#countedAt) / 1_000) * perSecond)
    this.#countedAt = now
    if (this.#left < 1) return false
    this.#left--
    return true
  }
}
