import type { Id, Instant } from '#shared/contracts/ids.ts'
import type { NoteAuthors } from '#shared/contracts/note-version.ts'
import { ClockRanges } from '#shared/domain/clock-ranges.ts'

/** Who wrote and deleted what in a note, as the server told. */
export class Authors {
  readonly epoch: number
  readonly #memberOf: Map<number, Id>
  readonly #written: Map<number, [clock: number, at: Instant][]>
  readonly #deleted: [Id, ClockRanges][]

  constructor({ epoch, clients, written, deleted }: NoteAuthors) {
    this.epoch = epoch
    this.#memberOf = new Map(clients)
    this.#written = new Map(written)
    this.#deleted = deleted.map(([memberId, ranges]) => {
      const of = new ClockRanges()
      for (const [client, clock, length] of ranges) of.add(client, clock, clock + length)
      return [memberId, of]
    })
  }

  /** Who writes under this client id; null: not known, or an import. */
  writer(client: number): Id | null {
    return this.#memberOf.get(client) ?? null
  }

  /** Is anything known of this client id? */
  knows(client: number): boolean {
    return this.#memberOf.has(client)
  }

  /** When this was written, to a minute; null: not known, or only just. */
  writtenAt(client: number, clock: number): Instant | null {
    const times = this.#written.get(client) ?? []
    let [low, high] = [0, times.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((times[middle]?.[0] ?? 0) <= clock) low = middle + 1
      else high = middle
    }
    return times[low]?.[1] ?? null
  }

  /** Who deleted this; null: nobody, or not known. */
  deleter(client: number, clock: number): Id | null {
    return this.#deleted.find(([, ranges]) => ranges.has(client, clock))?.[0] ?? null
  }
}
