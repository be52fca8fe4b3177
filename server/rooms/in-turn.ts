/**
 * Runs one piece of work again and again, never twice at the same time. Whoever asks while it runs gets the next run, which begins after
 * they asked; all who ask meanwhile get the same one.
 */
export class InTurn {
  readonly #work: () => Promise<void>
  #running: Promise<void> = Promise.resolve()
  #next: Promise<void> | null = null

  constructor(work: () => Promise<void>) {
    this.#work = work
  }

  /** Resolves or rejects with a run that had not begun when this was called. */
  run(): Promise<void> {
    this.#next ??= this.#running
      .catch(() => {})
      .then(() => {
        this.#next = null
        return this.#work()
      })
    this.#running = this.#next
    return this.#next
  }
}
