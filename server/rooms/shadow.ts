import * as Y from 'yjs'
import type { Known } from './validator.ts'

/**
 * What a room knows: the committed document, and the clocks of what is queued on top of it. Without the queued ones whoever
 * types faster than the store commits would be refused.
 */
export class Shadow implements Known {
  readonly #doc: Y.Doc
  readonly #queued = new Map<number, number>()

  constructor(committed: Y.Doc) {
    this.#doc = committed
  }

  clock(client: number): number {
    return Math.max(this.#queued.get(client) ?? 0, Y.getState(this.#doc.store, client))
  }

  /** Deletes that are only queued do not count: they are appended once more, which is harmless. */
  isDeleted(client: number, clock: number, length: number): boolean {
    const structs = this.#doc.store.clients.get(client)
    if (!structs || clock + length > Y.getState(this.#doc.store, client)) return false
    for (let index = Y.findIndexSS(structs, clock); index < structs.length; index++) {
      const struct = structs[index]
      if (!struct || struct.id.clock >= clock + length) break
      if (!struct.deleted) return false
    }
    return true
  }

  /** An update with these clocks was queued. */
  queue(clocks: ReadonlyMap<number, number>): void {
    for (const [client, clock] of clocks) this.#queued.set(client, clock)
  }

  /** Back to what is committed: the queue is judged anew. */
  clear(): void {
    this.#queued.clear()
  }
}
