import type { Id } from '#shared/contracts/ids.ts'
import type { NoteLog } from '../store/store.ts'
import type { Clock, Timer } from './clock.ts'
import type { Compactor } from './compactor.ts'
import { Run, type Stroke } from './run.ts'
import type { SearchedNotes } from './searched-notes.ts'
import type { Versions } from './versions.ts'

export interface TailParts {
  compactor: Pick<Compactor, 'compact'>
  /** So many updates after the last snapshot make a new one. */
  compactEvery: number
  /** Absent: no states are kept. */
  versions?: Pick<Versions, 'keep' | 'rhythm'> | undefined
  /** Absent: notes are not searched. */
  searched?: Pick<SearchedNotes, 'wrote'> | undefined
  clock: Clock
}

/**
 * What was written in a note since its last snapshot, and since a state of it was last kept: where it is time, a new one is made, off the hot
 * path; never two snapshots at once.
 */
export class Tail {
  readonly #parts: TailParts
  readonly #place: { officeId: Id; note: Id; epoch: number }
  readonly #run: Run
  #length = 0
  #last = 0
  #compacting = false
  #pause: Timer | undefined
  #ended = false

  constructor(parts: TailParts, place: { officeId: Id; note: Id; epoch: number }) {
    this.#parts = parts
    this.#place = place
    this.#run = new Run(parts.versions?.rhythm.quietMs ?? Infinity)
  }

  /** The note as it was loaded: what was written last may not be kept yet. */
  begins({ snapshot, updates }: NoteLog): void {
    this.#grew([...(snapshot ? [{ seq: snapshot.seq, memberId: null, at: 0 }] : []), ...updates], updates.length)
  }

  /** So much more was stored, in order. */
  grew(strokes: readonly Stroke[]): void {
    this.#grew(strokes, strokes.length)
    this.#parts.searched?.wrote(this.#place)
  }

  /** @param by how many of them lie behind the snapshot */
  #grew(strokes: readonly Stroke[], by: number): void {
    const { versions } = this.#parts
    for (const stroke of strokes) {
      const ended = this.#run.wrote(stroke)
      if (ended !== null && versions) void versions.keep(this.#place, { upTo: ended, reason: 'author' })
    }
    this.#last = strokes.at(-1)?.seq ?? this.#last
    if (this.#last > 0) this.#wait(versions?.rhythm.pauseMs)
    this.#length += by
    this.#compact()
  }

  /** Nobody who may write is here any more. */
  left(isBack: () => boolean): void {
    if (this.#last > 0) this.#wait(this.#parts.versions?.rhythm.leftMs, isBack)
  }

  /** Nothing is kept of it any more. */
  end(): void {
    this.#ended = true
    this.#pause?.cancel()
  }

  #compact(): void {
    if (this.#length < this.#parts.compactEvery || this.#compacting) return
    this.#compacting = true
    void this.#parts.compactor.compact(this.#place.officeId, this.#place.note).then((made) => {
      this.#compacting = false
      // not compacted: tried again when as much has come again
      this.#length = made?.isStored ? Math.max(0, this.#last - made.seq) : 0
      this.#compact()
    })
  }

  /** Keeps the state when so long nobody has written. */
  #wait(ms: number | undefined, unless: () => boolean = () => false): void {
    this.#pause?.cancel()
    if (ms === undefined || this.#ended) return
    this.#pause = this.#parts.clock
      .after(ms, () => {
        const seq = unless() ? null : this.#run.end()
        if (seq !== null) void this.#parts.versions?.keep(this.#place, { upTo: seq, reason: 'pause' })
      })
      .unref()
  }
}
