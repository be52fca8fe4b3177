/** So many at once, and so many a second after that. */
export class TokenBucket {
  #left: number
  #filledAt: number
  readonly #most: number
  readonly #perSecond: number

  constructor(most: number, perSecond: number, nowMs: number) {
    this.#most = most
    this.#left = most
    this.#perSecond = perSecond
    this.#filledAt = nowMs
  }

  /** Takes one; false: there is none left. `nowMs` is of a clock that only goes forward. */
  take(nowMs: number): boolean {
    this.#left = Math.min(this.#most, this.#left + ((nowMs - this.#filledAt) / 1_000) * this.#perSecond)
    this.#filledAt = nowMs
    if (this.#left < 1) return false
    this.#left -= 1
    return true
  }
}
