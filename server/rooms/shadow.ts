import * as Y from 'yjs'
import type { Known, Place } from './known.ts'
import { applyStored, createNoteDocument } from './note-document.ts'
import { placeIn } from './placement.ts'

/**
 * What a room knows: the committed document, and what is queued on top of it. Without the queued ones whoever types faster than
 * the store commits would be refused. The two together are a document of their own, which is there from the first queued update until
 * `reset`: on it each update is tried before it may be stored. Nothing of it is ever sent.
 */
export class Shadow implements Known {
  readonly #committed: Y.Doc
  #trial: Y.Doc | null = null

  constructor(committed: Y.Doc) {
    this.#committed = committed
  }

  clock(client: number): number {
    return Y.getState((this.#trial ?? this.#committed).store, client)
  }

  place(client: number, clock: number): Place {
    return placeIn(this.#trial ?? this.#committed, client, clock)
  }

  /** Deletes that are only queued do not count: they are appended once more, which is harmless. */
  isDeleted(client: number, clock: number, length: number): boolean {
    const structs = this.#committed.store.clients.get(client)
    if (!structs || clock + length > Y.getState(this.#committed.store, client)) return false
    for (let index = Y.findIndexSS(structs, clock); index < structs.length; index++) {
      const struct = structs[index]
      if (!struct || struct.id.clock >= clock + length) break
      if (!struct.deleted) return false
    }
    return true
  }

  /** This update is queued. Throws where Yjs cannot apply it completely; then only `reset` may follow. */
  queue(bytes: Uint8Array): void {
    applyStored((this.#trial ??= this.#copy()), [bytes])
  }

  /** Made anew: what is committed, and on top of it what is still queued. */
  reset(queued: readonly Uint8Array[] = []): void {
    this.#trial?.destroy()
    this.#trial = null
    for (const bytes of queued) this.queue(bytes)
  }

  #copy(): Y.Doc {
    const copy = createNoteDocument()
    applyStored(copy, [Y.encodeStateAsUpdate(this.#committed)])
    return copy
  }
}
