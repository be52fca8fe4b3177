import type { Id } from '#shared/contracts/ids.ts'
import type { NoteLog } from '../store.ts'
import type { JudgedAppend } from './journal-record.ts'

const placeOf = (officeId: Id, note: Id): string => `${officeId}/${note}`

/** Updates that are on disk in the journal, and perhaps not in the database yet. */
export class PendingNotes {
  readonly #ofNote = new Map<string, JudgedAppend[]>()

  constructor(appends: readonly JudgedAppend[] = []) {
    this.add(appends)
  }

  get isEmpty(): boolean {
    return this.#ofNote.size === 0
  }

  add(appends: readonly JudgedAppend[]): void {
    for (const append of appends) {
      const place = placeOf(append.officeId, append.note)
      const of = this.#ofNote.get(place)
      if (of) of.push(append)
      else this.#ofNote.set(place, [append])
    }
  }

  /** The last number of a note in here, 0 when there is none. */
  lastSeq(officeId: Id, note: Id): number {
    return this.#ofNote.get(placeOf(officeId, note))?.at(-1)?.seq ?? 0
  }

  /** Adds to what the database has of a note, read after the number `from`, what it does not have yet. */
  complete(officeId: Id, note: Id, log: NoteLog, from = 0): void {
    for (const { epoch, seq, memberId, at, bytes } of this.#ofNote.get(placeOf(officeId, note)) ?? []) {
      const last = log.updates.at(-1)?.seq ?? log.snapshot?.seq ?? from
      if (epoch === log.epoch && seq === last + 1) log.updates.push({ seq, memberId, at, bytes })
    }
  }
}
