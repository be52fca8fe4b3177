/** A key held for so long, in milliseconds, was held and not pressed. */
const heldMs = 350

/** Something a key shows for as long as it is held; pressed for a moment, it switches. */
export class HeldSwitch {
  #on = false
  #pressed: { at: number; wasOn: boolean } | null = null

  get on(): boolean {
    return this.#on
  }

  /** `now` in milliseconds, on any clock. */
  press(now: number): void {
    this.#pressed ??= { at: now, wasOn: this.#on }
    this.#on = true
  }

  release(now: number): void {
    if (!this.#pressed) return
    const { at, wasOn } = this.#pressed
    this.#on = now - at < heldMs ? !wasOn : wasOn
    this.#pressed = null
  }

  toggle(): void {
    this.#on = !this.#on
    this.#pressed = null
  }
}
