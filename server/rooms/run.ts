import type { Id, Instant } from '#shared/contracts/ids.ts'

/** One who wrote, and when. */
export interface Stroke {
  seq: number
  /** Null: not known, for the update stands in a snapshot. */
  memberId: Id | null
  at: Instant
}

/**
 * Who has been writing since a state of the note was last kept. A run ends where somebody begins who had no part in it, after a while in which
 * nobody wrote: whoever writes at the same time as another has a part in the same run, not a run a letter.
 */
export class Run {
  readonly #quietMs: number
  readonly #authors = new Set<Id>()
  #last: Pick<Stroke, 'seq' | 'at'> | null = null

  /** @param quietMs so long nobody must have written, in milliseconds */
  constructor(quietMs: number) {
    this.#quietMs = quietMs
  }

  /** Takes what was stored, in order. Returns the number with which the run before ended, where this begins another. */
  wrote({ seq, memberId, at }: Stroke): number | null {
    const isAnother = memberId !== null && this.#authors.size > 0 && !this.#authors.has(memberId)
    const ended = isAnother && this.#last && at - this.#last.at >= this.#quietMs ? this.#last.seq : null
    if (ended !== null) this.#authors.clear()
    if (memberId !== null) this.#authors.add(memberId)
    this.#last = { seq, at }
    return ended
  }

  /** The number of the last update, where any belongs to the run; whoever writes next begins another. */
  end(): number | null {
    const seq = this.#last?.seq ?? null
    this.#authors.clear()
    this.#last = null
    return seq
  }
}
