/** So many at once, and so many a second after that. */
export interface Allowance {
  atOnce: number
  perSecond: number
}

/** Frames that are no text: a tab that comes back with all its notes sends about a hundred. */
export const frameAllowance: Allowance = { atOnce: 1_500, perSecond: 500 }
/** Frames of text: a paste, or a long time offline, may be any number of them at once. */
export const textFrameAllowance: Allowance = { atOnce: 20_000, perSecond: 1_000 }
/** Bytes of text. */
export const textByteAllowance: Allowance = { atOnce: 32 * 1024 * 1024, perSecond: 1024 * 1024 }

/** What one socket may still send: a bucket that fills with time. */
export class Budget {
  readonly #now: () => number
  readonly #allowance: Allowance
  #left: number
  #countedAt: number

  /** @param now milliseconds since 1970 */
  constructor(now: () => number, allowance: Allowance) {
    this.#now = now
    this.#allowance = allowance
    this.#left = allowance.atOnce
    this.#countedAt = now()
  }

  /** Spends so much. False: that much is not left. */
  spend(amount = 1): boolean {
    const now = this.#now()
    const { atOnce, perSecond } = this.#allowance
    this.#left = Math.min(atOnce, this.#left + (Math.max(0, now - this.#countedAt) / 1_000) * perSecond)
    this.#countedAt = now
    if (this.#left < amount) return false
    this.#left -= amount
    return true
  }
}
