import { Worker } from 'node:worker_threads'
import type { Id } from '#shared/contracts/ids.ts'
import type { Log } from '../log.ts'
import type { Store } from '../store/store.ts'
import type { Compacted } from './compact.ts'

/** Makes one update of many; rejects where the result is not the same note. */
export type Compact = (parts: Uint8Array[]) => Promise<Compacted>

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
    this.#compact = compact ?? ((parts) => this.#thread.compact(parts))
  }

  /** Puts a snapshot in the place of the note's updates. Resolves with the number up to which it is compacted; null: it stays as it was. */
  async compact(officeId: Id, note: Id): Promise<number | null> {
    try {
      const { epoch, snapshot, updates } = await this.#store.note(officeId, note)
      const last = updates.at(-1)
      if (!last || this.#closed) return null
      const made = await this.#compact([...(snapshot ? [snapshot.bytes] : []), ...updates.map(({ bytes }) => bytes)])
      const result = await this.#store.compactNote(officeId, note, epoch, { seq: last.seq, ...made })
      return result === 'done' ? last.seq : null
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

/** Starts with the first note if not before, and ends only when it is told to. */
class CompactingThread {
  #worker: Worker | null = null
  #asked = 0
  readonly #waiting = new Map<number, { resolve: (made: Compacted) => void; reject: (error: Error) => void }>()

  async end(): Promise<void> {
    await this.#worker?.terminate()
  }

  compact(parts: Uint8Array[]): Promise<Compacted> {
    const job = ++this.#asked
    return new Promise((resolve, reject) => {
      this.#waiting.set(job, { resolve, reject })
      this.start().postMessage({ job, parts })
    })
  }

  start(): Worker {
    return (this.#worker ??= this.#begin())
  }

  #begin(): Worker {
    const worker = new Worker(new URL('./compact-worker.ts', import.meta.url))
    worker.unref()
    worker.on('message', ({ job, compacted, error }: { job: number; compacted?: Compacted; error?: string }) => {
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
