import * as encoding from 'lib0/encoding'
import { encodeStateVector, Doc } from 'yjs'
import { Line } from './line.ts'
import type { Place } from './place.ts'

const type = { sync: 0, awareness: 1 } as const
const sync = { step1: 0, step2: 1, update: 2 } as const
const nothingHeld = encodeStateVector(new Doc())
const nothingLacking = new Uint8Array([0, 0])

/** A line to one note, spoken as this server's own clients speak; what comes is handed on undecoded. */
export class NoteLine {
  readonly #place: Place
  readonly #line: Line
  readonly #hear: (message: Uint8Array, at: number, isLive: boolean) => void
  readonly #answered = Promise.withResolvers<void>()
  readonly #synced = Promise.withResolvers<void>()
  #isSynced: boolean

  /**
   * @param hear takes each update that comes: in this message, its length in front, from `at` on. `isLive`: it came after the first sync,
   * in which everything is that was there before
   */
  constructor(place: Place, hear: (message: Uint8Array, at: number, isLive: boolean) => void) {
    this.#place = place
    this.#hear = hear
    this.#isSynced = !place.syncs
    this.#line = new Line(place.port, place.path, place.headers, (message) => this.#receive(message))
  }

  /** Resolves when the first sync is there. */
  async joined(): Promise<void> {
    const { ask, syncs } = this.#place
    await this.#line.opened
    if (ask) {
      this.#line.send(ask)
      await this.#answered.promise
    }
    if (!syncs) return
    this.#line.send(this.#message(type.sync, sync.step1, nothingHeld))
    await this.#synced.promise
  }

  /** Sends updates, each in a message of its own. */
  send(...updates: Uint8Array[]): void {
    this.#line.send(...updates.map((update) => this.#message(type.sync, sync.update, update)))
  }

  /** Says who is here, as editors do when they open and every 15 s. */
  present(clock: number): void {
    const entry = encoding.encode((encoder) => {
      encoding.writeVarUint(encoder, 1)
      encoding.writeVarUint(encoder, this.#place.clientId)
      encoding.writeVarUint(encoder, clock)
      encoding.writeVarString(encoder, '{"user":{"name":"Ana Lind"},"cursor":null}')
    })
    this.#line.send(this.#message(type.awareness, null, entry))
  }

  close(): void {
    this.#line.close()
  }

  #message(messageType: number, subType: number | null, bytes: Uint8Array): Uint8Array {
    return encoding.encode((encoder) => {
      encoding.writeUint8Array(encoder, this.#place.prefix)
      encoding.writeVarUint(encoder, messageType)
      if (subType !== null) encoding.writeVarUint(encoder, subType)
      encoding.writeVarUint8Array(encoder, bytes)
    })
  }

  #receive(message: Uint8Array): void {
    this.#answered.resolve()
    const { prefix } = this.#place
    for (let at = 0; at < prefix.length; at++) if (message[at] !== prefix[at]) return
    if (message[prefix.length] !== type.sync) return
    const subType = message[prefix.length + 1]
    if (subType === sync.step1) return this.#line.send(this.#message(type.sync, sync.step2, nothingLacking))
    this.#hear(message, prefix.length + 2, this.#isSynced)
    if (subType !== sync.step2) return
    this.#isSynced = true
    this.#synced.resolve()
  }
}
