/** What is under way: how much of it, and how long the oldest has been. */
export class Waiting {
  /** In the order they began, by when, in milliseconds of `performance.now()`. */
  readonly #begun = new Map<Promise<unknown>, number>()

  get size(): number {
    return this.#begun.size
  }

  /** In seconds; 0: nothing is under way. */
  get oldestSeconds(): number {
    const [oldest] = this.#begun.values()
    return oldest === undefined ? 0 : (performance.now() - oldest) / 1_000
  }

  /** Counts it until it is settled; hands on what comes of it. */
  during<T>(work: Promise<T>): Promise<T> {
    this.#begun.set(work, performance.now())
    const settled = () => void this.#begun.delete(work)
    work.then(settled, settled)
    return work
  }
}
