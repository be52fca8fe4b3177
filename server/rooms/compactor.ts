import { Worker } from 'node:worker_threads'
import type { Id } from '#shared/contracts/ids.ts'
import type { Log } from '../log.ts'
import type { NoteSnapshot, Store } from '../store/store.ts'
import type { Compactable, Compacted } from './compact.ts'

/** Makes one update of many; rejects where the result is not the same note. */
export type Compact = (log: Compactable) => Promise<Compacted & { ledger: Uint8Array }>

/** A note as it was after the update `seq`. */
export interface CompactedNote extends NoteSnapshot {
  epoch: number
  /** It has taken the place of the updates it is made of: by this, or before. */
  isStored: boolean
}

/** Compacts the logs of notes, off the hot path. */
export class Compactor {
  readonly #store: Pick<Store, 'note' | 'compactNote'>
  readonly #log: Log
  readonly #thread = new CompactingThread()
  readonly #compact: Compact
  #closed = false

  /** @param compact absent: one thread for all notes of this node */
  constructor(store: Pick<Store, 'note' | 'compactNote'>, log: Log, compact?: Compact) {
    this.#store = store
    this.#log = log
    this.#compact = compact ?? ((log) => this.#thread.compact(log))
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

type Made = Awaited<ReturnType<Compact>>

/** Starts with the first note if not before, and ends only when it is told to. */
class CompactingThread {
  #worker: Worker | null = null
  #asked = 0
  readonly #waiting = new Map<number, { resolve: (made: Made) => void; reject: (error: Error) => void }>()

  async end(): Promise<void> {
    await this.#worker?.terminate()
  }

  compact(log: Compactable): Promise<Made> {
    const job = ++this.#asked
    return new Promise((resolve, reject) => {
      this.#waiting.set(job, { resolve, reject })
      this.start().postMessage({ job, log })
    })
  }

  start(): Worker {
    return (this.#worker ??= this.#begin())
  }

  #begin(): Worker {
    const worker = new Worker(new URL('./compact-worker.ts', import.meta.url))
    worker.unref()
    worker.on('message', ({ job, compacted, error }: { job: number; compacted?: Made; error?: string }) => {
      const waiting = this.#waiting.get(job)
      this.#waiting.delete(job)
      if (compacted) waiting?.resolve(compacted)
      else waiting?.reject(new Error(error))
    })
    // what follows is always `exit`
    let fault: unknown
    worker.on('error', (error) => (fault = error))
    worker.on('exit', () => {
      if (this.#worker === worker) this.#worker = null
      for (const { reject } of this.#waiting.values()) reject(new Error('the compacting thread ended', { cause: fault }))
      this.#waiting.clear()
    })
    return worker
  }
}
