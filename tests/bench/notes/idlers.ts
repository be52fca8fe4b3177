import * as Y from 'yjs'
import { noteField } from '#shared/contracts/notes-wire.ts'
import { NoteLine } from './note-line.ts'
import type { Place } from './place.ts'

const presenceEveryMs = 15_000
const atOnce = 20

/** Tabs with a note open in which nobody does anything: each has written a page of text once, and says from time to time that it is here. */
export class Idlers {
  readonly #lines: NoteLine[] = []
  #timer: NodeJS.Timeout | undefined
  #clock = 1

  /** Takes these places as well. */
  async open(places: readonly Place[]): Promise<void> {
    const waiting = [...places]
    const openNext = async () => {
      for (let place = waiting.pop(); place; place = waiting.pop()) await this.#open(place)
    }
    await Promise.all(Array.from({ length: atOnce }, openNext))
    this.#timer ??= setInterval(() => {
      this.#clock++
      for (const line of this.#lines) line.present(this.#clock)
    }, presenceEveryMs)
  }

  async #open(place: Place): Promise<void> {
    const line = new NoteLine(place, () => undefined)
    await line.joined()
    line.send(page(place.clientId))
    line.present(this.#clock)
    this.#lines.push(line)
  }

  close(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
    for (const line of this.#lines.splice(0)) line.close()
  }
}

/** Twelve paragraphs, 1,200 letters. */
function page(clientId: number): Uint8Array {
  const doc = new Y.Doc()
  doc.clientID = clientId
  const paragraphs = Array.from({ length: 12 }, (_, index) => {
    const paragraph = new Y.XmlElement('paragraph')
    paragraph.insert(0, [new Y.XmlText(`${index + 1}. ${'What was agreed. '.repeat(6)}`.slice(0, 100))])
    return paragraph
  })
  doc.getXmlFragment(noteField).insert(0, paragraphs)
  return Y.encodeStateAsUpdate(doc)
}
