import type { Id } from '#shared/contracts/ids.ts'
import type { Log } from '../log.ts'
import type { NoteSnapshot, Store } from '../store/store.ts'
import type { Compactable, Compacted } from './compact.ts'
import { CompactingThread } from './compacting-thread.ts'
import { textOfLog } from './note-text.ts'
import { slicesIn } from './slices.ts'

/** Makes one update of many; rejects where the result is not the same note. */
export type Compact = (log: Compactable) => Promise<Compacted & { ledger: Uint8Array }>

/** Makes of the parts of a note others that are applied bit by bit; rejects where they are not a whole note. */
export type Slice = (parts: Uint8Array[]) => Promise<Uint8Array[]>

/** A note as it was after the update `seq`. */
export interface CompactedNote extends NoteSnapshot {
  epoch: number
  /** It has taken the place of the updates it is made of: by this, or before. */
  isStored: boolean
}

/** From so many bytes on a note is read in the thread: below, to hand it over costs more. */
const longFrom = 16 * 1024

/** Compacts the logs of notes, off the hot path. */
export class Compactor {
  readonly #store: Pick<Store, 'note' | 'compactNote'>
  readonly #log: Log
  readonly #thread = new CompactingThread()
  readonly #compact: Compact
  /** See `slicesOf`. */
  readonly slice: Slice
  /** What a note says, read off the hot path; see `textOfLog`. */
  readonly textOf: (log: Compactable) => Promise<string>
  #closed = false

  /** @param compact absent: one thread for all notes of this node */
  constructor(store: Pick<Store, 'note' | 'compactNote'>, log: Log, compact?: Compact) {
    this.#store = store
    this.#log = log
    this.#compact = compact ?? ((log) => this.#thread.run('compact', log))
    this.slice = compact ? async (parts) => slicesIn(parts) : (parts) => this.#thread.run('slice', parts)
    const inThread = ({ snapshot, updates }: Compactable) => this.#thread.run('text', { snapshot, updates })
    this.textOf = async (log) => (compact || lengthOf(log) < longFrom ? textOfLog(log) : inThread(log))
  }

  /**
   * Puts a snapshot in the place of the note's updates, up to this number where the log has not been cut beyond it. Resolves with the note as it
   * was then; null: nothing was written in it, or it could not be compacted and stays as it was.
   */
  async compact(officeId: Id, note: Id, upTo = Infinity): Promise<CompactedNote | null> {
    try {
      const { epoch, snapshot, updates: all } = await this.#store.note(officeId, note)
      const updates = all.filter(({ seq }) => seq <= upTo)
      const last = updates.at(-1)
      if (this.#closed) return null
      if (!last) return snapshot && { ...snapshot, epoch, isStored: true }
      const made = { seq: last.seq, ...(await this.#compact({ snapshot, updates })) }
      const result = await this.#store.compactNote(officeId, note, epoch, made)
      return { ...made, epoch, isStored: result === 'done' }
    } catch (error) {
      if (!this.#closed) this.#log.warn({ err: error, officeId, note }, 'a note was not compacted')
      return null
    }
  }

  /** Starts the thread before a note needs it: what it loads takes more than typing has in a second. */
  warmUp(): void {
    this.#thread.start()
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#thread.end()
  }
}

function lengthOf({ snapshot, updates }: Compactable): number {
  return updates.reduce((sum, { bytes }) => sum + bytes.length, snapshot?.bytes.length ?? 0)
}
