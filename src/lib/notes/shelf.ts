/** What a shelf holds. */
export interface Shelved {
  /** Something in it is still on its way into the store, or waits for the line to come back. */
  readonly mustStay: boolean
  destroy(): void
}

/**
 * The texts this tab holds, each once however many places show it. One that is left with unsaved text stays until that is saved,
 * and whoever opens it again meanwhile finds the same text.
 */
export class Shelf<T extends Shelved> {
  readonly #held = new Map<string, { thing: T; users: number }>()

  /** The thing under this id, made where there is none; held until `release`. */
  hold(id: string, make: () => T): T {
    let held = this.#held.get(id)
    if (!held) this.#held.set(id, (held = { thing: make(), users: 0 }))
    held.users++
    return held.thing
  }

  /** One place does not show it any more. */
  release(id: string): void {
    const held = this.#held.get(id)
    if (!held) return
    held.users--
    this.tidy(id)
  }

  /** To be called when something about it changed: what nobody shows and nothing keeps is destroyed. */
  tidy(id: string): void {
    const held = this.#held.get(id)
    if (!held || held.users > 0 || held.thing.mustStay) return
    this.#held.delete(id)
    held.thing.destroy()
  }

  get all(): T[] {
    return [...this.#held.values()].map(({ thing }) => thing)
  }
}
