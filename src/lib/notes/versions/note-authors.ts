import type { Id, Instant } from '#shared/contracts/ids.ts'
import type { NoteAuthors } from '#shared/contracts/note-version.ts'
import { ClockRanges } from '#shared/domain/clock-ranges.ts'
import { addStint, type Stint } from '#shared/domain/stints.ts'

/** Who wrote and deleted what in a note, as the server told, and as it was heard since. */
export class Authors {
  readonly epoch: number
  readonly #memberOf: Map<number, Id>
  readonly #written: Map<number, Stint[]>
  readonly #deleted: [Id, ClockRanges][]

  constructor({ epoch, clients, written, deleted }: NoteAuthors) {
    this.epoch = epoch
    this.#memberOf = new Map(clients)
    this.#written = new Map(written.map(([client, stints]) => [client, stints.map(([clock, at]) => ({ clock, at }))]))
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

  /** This client id writes for this member. */
  grant(client: number, memberId: Id): void {
    this.#memberOf.set(client, memberId)
  }

  /** Heard after the server told: all below this clock was written by now. */
  hear(client: number, clock: number, at: Instant): void {
    const stints = this.#written.get(client) ?? []
    this.#written.set(client, stints)
    addStint(stints, clock, at)
  }

  /** When this was written, to a minute; null: not known, or only just. */
  writtenAt(client: number, clock: number): Instant | null {
    return this.#stintAfter(client, clock)?.at ?? null
  }

  /** Up to which clock, but without, everything from this one on was written at the same time. */
  writtenUpTo(client: number, clock: number): number {
    return this.#stintAfter(client, clock)?.clock ?? Infinity
  }

  /** Who deleted this; null: nobody, or not known. */
  deleter(client: number, clock: number): Id | null {
    return this.#deleted.find(([, ranges]) => ranges.has(client, clock))?.[0] ?? null
  }

  #stintAfter(client: number, clock: number): Stint | undefined {
    const stints = this.#written.get(client) ?? []
    let [low, high] = [0, stints.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((stints[middle]?.clock ?? 0) <= clock) low = middle + 1
      else high = middle
    }
    return stints[low]
  }
}
