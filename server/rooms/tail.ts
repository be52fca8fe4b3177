import type { Id } from '#shared/contracts/ids.ts'
import type { Compactor } from './compactor.ts'

/** The updates of a note since its last snapshot: when they are many, a new one is made, off the hot path and never two at once. */
export class Tail {
  readonly #compactor: Pick<Compactor, 'compact'>
  readonly #place: { officeId: Id; note: Id }
  readonly #compactEvery: number
  #length = 0
  #compacting = false

  /** @param compactEvery so many updates after the last snapshot make a new one */
  constructor(
    { compactor, compactEvery }: { compactor: Pick<Compactor, 'compact'>; compactEvery: number },
    place: { officeId: Id; note: Id },
  ) {
    this.#compactor = compactor
    this.#compactEvery = compactEvery
    this.#place = place
  }

  /** So many more were stored; `seq` tells the number of the newest. */
  grew(by: number, seq: () => number): void {
    this.#length += by
    if (this.#length < this.#compactEvery || this.#compacting) return
    this.#compacting = true
    void this.#compactor.compact(this.#place.officeId, this.#place.note).then((upTo) => {
      this.#compacting = false
      // not compacted: tried again when as much has come again
      this.#length = upTo === null ? 0 : Math.max(0, seq() - upTo)
      this.grew(0, seq)
    })
  }
}
