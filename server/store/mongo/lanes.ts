/** Work that is done one after the other under each key, in the order it was asked for; under different keys at the same time. */
export class Lanes {
  readonly #last = new Map<string, Promise<unknown>>()

  /** Resolves or rejects as the work does, after what was asked before it under this key is over. */
  run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const result = (this.#last.get(key) ?? Promise.resolve()).then(work)
    const over: Promise<unknown> = result
      .catch(() => {})
      .finally(() => {
        if (this.#last.get(key) === over) this.#last.delete(key)
      })
    this.#last.set(key, over)
    return result
  }

  /** Resolves when all that was asked for is over. */
  async idle(): Promise<void> {
    while (this.#last.size > 0) await Promise.all(this.#last.values())
  }
}
