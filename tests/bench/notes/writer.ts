import * as decoding from 'lib0/decoding'
import { eachRun, firstLetter, letter, ownParagraph } from './letters.ts'
import { NoteLine } from './note-line.ts'
import type { Place } from './place.ts'
import type { NoteSightings } from './sightings.ts'

/** Somebody who types in one note, without a document: letters go out as Yjs would write them, and what comes is only counted. */
export class Writer {
  readonly #clientId: number
  readonly #sightings: NoteSightings
  readonly #seenUpTo = new Map<number, number>()
  readonly #line: NoteLine
  #clock = firstLetter

  private constructor(place: Place, sightings: NoteSightings) {
    this.#clientId = place.clientId
    this.#sightings = sightings
    this.#line = new NoteLine(place, (message, at, isLive) => isLive && this.#see(message, at))
  }

  /** Joins the note, and begins a paragraph. */
  static async open(place: Place, sightings: NoteSightings): Promise<Writer> {
    const writer = new Writer(place, sightings)
    await writer.#line.joined()
    writer.#line.send(ownParagraph(place.clientId))
    sightings.enter(place.clientId)
    return writer
  }

  /** Types so many letters. */
  type(count: number): void {
    const now = performance.now()
    const updates: Uint8Array[] = []
    for (; count > 0; count--) {
      this.#sightings.sent(this.#clientId, this.#clock, now)
      updates.push(letter(this.#clientId, this.#clock++))
    }
    this.#line.send(...updates)
  }

  close(): void {
    this.#line.close()
  }

  #see(message: Uint8Array, at: number): void {
    const now = performance.now()
    const decoder = decoding.createDecoder(message)
    decoder.pos = at
    eachRun(decoding.readVarUint8Array(decoder), (clientId, clock, end) => {
      if (clientId === this.#clientId) return
      const from = Math.max(clock, this.#seenUpTo.get(clientId) ?? 0)
      if (end <= from) return
      this.#seenUpTo.set(clientId, end)
      this.#sightings.seen(clientId, from, end, now)
    })
  }
}
