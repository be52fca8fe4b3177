import * as Y from 'yjs'
import type { Known, Place } from './known.ts'
import { applyStored } from './note-document.ts'
import { placeIn } from './placement.ts'

/**
 * What updates are judged on: a note's document with all that is stored, and what is queued on top of it. Without the queued ones whoever
 * types faster than the store commits would be refused.
 */
export class Ground implements Known {
  readonly #doc: Y.Doc

  constructor(doc: Y.Doc) {
    this.#doc = doc
  }

  clock(client: number): number {
    return Y.getState(this.#doc.store, client)
  }

  place(client: number, clock: number): Place {
    return placeIn(this.#doc, client, clock)
  }

  isDeleted(client: number, clock: number, length: number): boolean {
    const structs = this.#doc.store.clients.get(client)
    if (!structs || clock + length > this.clock(client)) return false
    for (let index = Y.findIndexSS(structs, clock); index < structs.length; index++) {
      const struct = structs[index]
      if (!struct || struct.id.clock >= clock + length) break
      if (!struct.deleted) return false
    }
    return true
  }

  /** Takes an update. Throws where Yjs cannot apply it completely; the document is of no use any more then. */
  add(bytes: Uint8Array): void {
    applyStored(this.#doc, [bytes])
  }
}
