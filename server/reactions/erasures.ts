import type { Id } from '#shared/contracts/ids.ts'
import { commentField } from '#shared/contracts/comment.ts'
import { type NoteId, partsOf } from '#shared/contracts/note-id.ts'
import type { CommandQueue } from '../commands/queue.ts'
import type { Log } from '../log.ts'
import type { Erasure, Store } from '../store/store.ts'

export interface ErasuresOptions {
  store: Pick<Store, 'all'>
  queue: Pick<CommandQueue, 'perform'>
  /** Takes a text away for good; may be done again. */
  erase: (officeId: Id, note: NoteId, field: string) => Promise<void>
  log: Log
  newId: () => Id
  /** What failed is tried again after so long, in milliseconds. */
  retryMs?: number
}

/**
 * After a commit that deleted comments: their texts are taken away. What is to go stands in the store, put there by that same commit, until
 * it has gone: a server that stops in between goes on when it starts.
 */
export class Erasures {
  readonly #options: Required<ErasuresOptions>
  readonly #running = new Map<Id, Promise<void>>()
  readonly #timers = new Set<NodeJS.Timeout>()
  #isClosed = false

  constructor(options: ErasuresOptions) {
    this.#options = { retryMs: 30_000, ...options }
  }

  /** Does everything that stands in the store of an office, after what is being done there. */
  run(officeId: Id): void {
    if (this.#isClosed) return
    const done = (this.#running.get(officeId) ?? Promise.resolve()).then(() => this.#all(officeId))
    this.#running.set(officeId, done)
    void done.then(() => {
      if (this.#running.get(officeId) === done) this.#running.delete(officeId)
    })
  }

  /** Ends what is under way; what waits is done after the next start. */
  async close(): Promise<void> {
    this.#isClosed = true
    for (const timer of this.#timers) clearTimeout(timer)
    await Promise.all(this.#running.values())
  }

  /** Never rejects. */
  async #all(officeId: Id): Promise<void> {
    const { store, log } = this.#options
    try {
      for (const erasure of await store.all(officeId, 'erasure')) {
        if (this.#isClosed) return
        await this.#one(officeId, erasure)
      }
    } catch (err) {
      log.warn({ err, officeId }, 'a deleted text is still there, and is taken away later')
      this.#again(officeId)
    }
  }

  async #one(officeId: Id, { id, note }: Erasure): Promise<void> {
    const { erase, queue, newId } = this.#options
    await erase(officeId, note, commentField(id))
    const { authorId, dossierId } = partsOf(note)
    await queue.perform(officeId, authorId ?? dossierId, newId(), async ({ view }) => {
      view.drop('erasure', id)
      return null
    })
  }

  #again(officeId: Id): void {
    if (this.#isClosed) return
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      this.run(officeId)
    }, this.#options.retryMs)
    timer.unref()
    this.#timers.add(timer)
  }
}
