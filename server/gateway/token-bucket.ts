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
    this.#fill(nowMs)
    if (this.#left < 1) return false
    this.#left -= 1
    return true
  }

  /** Gives one back that was taken for nothing. */
  giveBack(): void {
    this.#left = Math.min(this.#most, this.#left + 1)
  }

  /** In how many seconds there is one to take; 0: now. */
  waitSeconds(nowMs: number): number {
    this.#fill(nowMs)
    return this.#left >= 1 ? 0 : Math.ceil((1 - this.#left) / this.#perSecond)
  }

  /** Nobody took one for so long that it is as good as new. */
  isFull(nowMs: number): boolean {
    this.#fill(nowMs)
    return this.#left >= this.#most
  }

  #fill(nowMs: number): void {
    this.#left = Math.min(this.#most, this.#left + (Math.max(0, nowMs - this.#filledAt) / 1_000) * this.#perSecond)
    this.#filledAt = nowMs
  }
}
