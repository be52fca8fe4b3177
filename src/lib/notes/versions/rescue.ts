import * as Y from 'yjs'
import { noteField } from '#shared/contracts/notes-wire.ts'
import { ClockRanges } from '#shared/domain/clock-ranges.ts'
import type { Removed } from './restore.ts'

interface Watched extends Removed {
  /** Where what came later stands now. */
  text: Y.XmlText | null
}

/**
 * Letters that colleagues typed into something while it was being taken away, before they could see that it was: they come when it is gone, and
 * would be gone with it. They are written once more, in a paragraph where it stood.
 */
export class Rescue {
  readonly #doc: Y.Doc
  readonly #watched: Watched[] = []
  readonly #written = new ClockRanges()

  constructor(doc: Y.Doc) {
    this.#doc = doc
    // before Yjs collects what is deleted
    doc.on('afterTransaction', this.#hear)
  }

  /** These were taken away just now. */
  watch(removed: readonly Removed[]): void {
    this.#watched.push(...removed.map((each) => ({ ...each, text: null })))
  }

  /** Did this write it once more? It is a colleague's, under whatever client id. */
  holds(client: number, clock: number): boolean {
    return this.#written.has(client, clock)
  }

  destroy(): void {
    this.#doc.off('afterTransaction', this.#hear)
  }

  #hear = (transaction: Y.Transaction): void => {
    if (transaction.local || this.#watched.length === 0) return
    const found = newItems(transaction).flatMap((item) => {
      const watched = this.#watched.find(({ types }) => types.has(item.parent))
      return watched && item.content instanceof Y.ContentString ? [{ watched, text: item.content.str }] : []
    })
    if (found.length === 0) return
    const { store, clientID } = this.#doc
    const from = Y.getState(store, clientID)
    this.#doc.transact(() => found.forEach(({ watched, text }) => this.#write(watched, text)))
    this.#written.add(clientID, from, Y.getState(store, clientID))
  }

  #write(watched: Watched, text: string): void {
    if (watched.text?._item?.deleted ?? true) watched.text = this.#newParagraph(watched.at)
    watched.text?.insert(watched.text.length, text, {})
  }

  #newParagraph(at: Y.RelativePosition): Y.XmlText {
    const root = this.#doc.getXmlFragment(noteField)
    const place = Y.createAbsolutePositionFromRelativePosition(at, this.#doc)
    const paragraph = new Y.XmlElement('paragraph')
    const text = new Y.XmlText()
    paragraph.insert(0, [text])
    root.insert(Math.min(place?.type === root ? place.index : root.length, root.length), [paragraph])
    return text
  }
}

/** What a transaction brought, deleted or not. */
function newItems({ beforeState, afterState, doc }: Y.Transaction): Y.Item[] {
  return [...afterState].flatMap(([client, clock]) => {
    const from = beforeState.get(client) ?? 0
    if (clock <= from) return []
    const structs = doc.store.clients.get(client) ?? []
    return structs.slice(Y.findIndexSS(structs, from)).filter((struct): struct is Y.Item => struct instanceof Y.Item)
  })
}
