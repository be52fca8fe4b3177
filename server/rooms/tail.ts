import type { Id } from '#shared/contracts/ids.ts'
import type { Compactor } from './compactor.ts'

/** So many updates after the last snapshot make a new one. */
const compactAt = 300

/** The updates of a note since its last snapshot: when they are many, a new one is made, off the hot path and never two at once. */
export class Tail {
  readonly #compactor: Pick<Compactor, 'compact'>
  readonly #place: { officeId: Id; note: Id }
  #length: number
  #compacting = false

  constructor(compactor: Pick<Compactor, 'compact'>, place: { officeId: Id; note: Id }, length: number) {
    this.#compactor = compactor
    this.#place = place
    this.#length = length
  }

  /** So many more were stored; `seq` tells the number of the newest. */
  grew(by: number, seq: () => number): void {
    this.#length += by
    if (this.#length < compactAt || this.#compacting) return
    this.#compacting = true
    void this.#compactor.compact(this.#place.officeId, this.#place.note).then((upTo) => {
      this.#compacting = false
      // not compacted: tried again when as much has come again
      this.#length = upTo === null ? 0 : Math.max(0, seq() - upTo)
      this.grew(0, seq)
    })
  }
}
