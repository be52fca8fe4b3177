import * as decoding from 'lib0/decoding'
import { encodeStateVector, Doc } from 'yjs'
import { eachRun, firstLetter, letter, ownParagraph } from './letters.ts'
import { Line } from './line.ts'
import type { Place } from './place.ts'
import type { NoteSightings } from './sightings.ts'

const sync = { step1: 0, step2: 1, update: 2 } as const
const nothingHeld = encodeStateVector(new Doc())
const nothingLacking = new Uint8Array([0, 0])

/** Somebody who types in one note, without a document: letters go out as Yjs would write them, and what comes is only counted. */
export class Writer {
  readonly #place: Place
  readonly #sightings: NoteSightings
  readonly #seenUpTo = new Map<number, number>()
  readonly #answered = Promise.withResolvers<void>()
  readonly #synced = Promise.withResolvers<void>()
  #isSynced: boolean
  readonly #line: Line
  #clock = firstLetter

  private constructor(place: Place, sightings: NoteSightings) {
    this.#place = place
    this.#sightings = sightings
    this.#isSynced = !place.syncs
    this.#line = new Line(place.port, place.path, place.headers, (message) => this.#hear(message))
  }

  /** Joins the note, syncs, and begins a paragraph. */
  static async open(place: Place, sightings: NoteSightings): Promise<Writer> {
    const writer = new Writer(place, sightings)
    const { ask, syncs, clientId } = place
    await writer.#line.opened
    if (ask) {
      writer.#line.send(ask)
      await writer.#answered.promise
    }
    if (syncs) {
      writer.#line.send(writer.#message(sync.step1, nothingHeld))
      await writer.#synced.promise
    }
    writer.#line.send(writer.#message(sync.update, ownParagraph(clientId)))
    sightings.enter(clientId)
    return writer
  }

  /** Types so many letters. */
  type(count: number): void {
    const now = performance.now()
    const messages: Uint8Array[] = []
    for (; count > 0; count--) {
      this.#sightings.sent(this.#place.clientId, this.#clock, now)
      messages.push(this.#message(sync.update, letter(this.#place.clientId, this.#clock++)))
    }
    this.#line.send(...messages)
  }

  close(): void {
    this.#line.close()
  }

  #message(kind: number, bytes: Uint8Array): Uint8Array {
    const { prefix } = this.#place
    const message = new Uint8Array(prefix.length + 1 + (bytes.length < 128 ? 1 : 2) + bytes.length)
    message.set(prefix)
    let at = prefix.length
    message[at++] = kind
    if (bytes.length >= 128) message[at++] = 0x80 | (bytes.length & 0x7f)
    message[at++] = bytes.length < 128 ? bytes.length : bytes.length >> 7
    message.set(bytes, at)
    return message
  }

  #hear(message: Uint8Array): void {
    this.#answered.resolve()
    const { prefix } = this.#place
    for (let at = 0; at < prefix.length; at++) if (message[at] !== prefix[at]) return
    const kind = message[prefix.length]
    if (kind === sync.step1) return this.#line.send(this.#message(sync.step2, nothingLacking))
    // what was there before is of no interest
    if (this.#isSynced) return this.#see(message)
    this.#isSynced = kind === sync.step2
    if (this.#isSynced) this.#synced.resolve()
  }

  #see(message: Uint8Array): void {
    const now = performance.now()
    const decoder = decoding.createDecoder(message)
    decoder.pos = this.#place.prefix.length + 1
    eachRun(decoding.readVarUint8Array(decoder), (clientId, clock, end) => {
      if (clientId === this.#place.clientId) return
      const from = Math.max(clock, this.#seenUpTo.get(clientId) ?? 0)
      if (end <= from) return
      this.#seenUpTo.set(clientId, end)
      this.#sightings.seen(clientId, from, end, now)
    })
  }
}
