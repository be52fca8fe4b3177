import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import * as Y from 'yjs'
import type { Id, Instant } from '#shared/contracts/ids.ts'
import type { NoteAuthors } from '#shared/contracts/note-version.ts'
import { ClockRanges } from '#shared/domain/clock-ranges.ts'
import { addStint, type Stint } from '#shared/domain/stints.ts'

const format = 1

/** An update as it stands in the log. */
export interface LoggedUpdate {
  seq: number
  memberId: Id
  at: Instant
  bytes: Uint8Array
}

interface Hand {
  /** Number and time of the last update. */
  seq: number
  at: Instant
  deleted: ClockRanges
}

/**
 * What a note's log knows and its text does not: who deleted what, and when things were written. It goes with the note's snapshot, since the
 * updates it is gathered from go when that is made.
 */
export class Ledger {
  readonly #hands = new Map<Id, Hand>()
  /** By client id: up to which clock was written when. */
  readonly #written = new Map<number, Stint[]>()
  readonly #deleted = new ClockRanges()

  /** Reads what `encode` wrote; null: nothing is known yet. Throws on anything else. */
  static from(bytes: Uint8Array | null | undefined): Ledger {
    const ledger = new Ledger()
    if (bytes) ledger.#read(decoding.createDecoder(bytes))
    return ledger
  }

  /** Takes the next update of the log. What two deleted was deleted by whoever's update came first. */
  add({ seq, memberId, at, bytes }: LoggedUpdate): void {
    const hand = this.#hand(memberId)
    Object.assign(hand, { seq, at })
    const { ds } = Y.decodeUpdate(bytes)
    for (const [client, items] of ds.clients) for (const { clock, len } of items) this.#delete(hand, client, clock, clock + len)
    for (const [client, clock] of Y.parseUpdateMeta(bytes).to) this.#write(client, clock, at)
  }

  /** Who wrote after the update of this number. */
  authorsSince(seq: number): Id[] {
    return [...this.#hands].filter(([, hand]) => hand.seq > seq).map(([memberId]) => memberId)
  }

  /** When something was last written; 0: not known. */
  get at(): Instant {
    return Math.max(0, ...[...this.#hands.values()].map(({ at }) => at))
  }

  /** All of it, as it is told to screens. */
  get told(): Pick<NoteAuthors, 'written' | 'deleted'> {
    return {
      written: [...this.#written].map(([client, times]) => [client, times.map(({ clock, at }) => [clock, at])]),
      deleted: [...this.#hands].map(([memberId, { deleted }]) => [memberId, deleted.all()]),
    }
  }

  encode(): Uint8Array {
    return encoding.encode((encoder) => {
      const write = (...numbers: number[]) => numbers.forEach((number) => encoding.writeVarUint(encoder, number))
      write(format, this.#hands.size)
      for (const [memberId, { seq, at, deleted }] of this.#hands) {
        encoding.writeVarString(encoder, memberId)
        const ranges = deleted.all()
        write(seq, at, ranges.length)
        for (const range of ranges) write(...range)
      }
      write(this.#written.size)
      for (const [client, times] of this.#written) {
        write(client, times.length)
        let last = { clock: 0, at: 0 }
        for (const time of times) {
          write(time.clock - last.clock)
          // clocks only go up; another node's time may not
          encoding.writeVarInt(encoder, time.at - last.at)
          last = time
        }
      }
    })
  }

  #read(decoder: decoding.Decoder): void {
    const next = () => decoding.readVarUint(decoder)
    if (next() !== format) throw new Error('a ledger of another format')
    for (let hands = next(); hands > 0; hands--) {
      const hand = this.#hand(decoding.readVarString(decoder))
      Object.assign(hand, { seq: next(), at: next() })
      for (let ranges = next(); ranges > 0; ranges--) {
        const [client, clock, length] = [next(), next(), next()]
        this.#delete(hand, client, clock, clock + length)
      }
    }
    for (let clients = next(); clients > 0; clients--) {
      const times: Stint[] = []
      this.#written.set(next(), times)
      let last = { clock: 0, at: 0 }
      for (let length = next(); length > 0; length--) {
        last = { clock: last.clock + next(), at: last.at + decoding.readVarInt(decoder) }
        times.push(last)
      }
    }
  }

  #hand(memberId: Id): Hand {
    const hand = this.#hands.get(memberId) ?? { seq: 0, at: 0, deleted: new ClockRanges() }
    this.#hands.set(memberId, hand)
    return hand
  }

  #delete(hand: Hand, client: number, from: number, to: number): void {
    for (const [start, end] of this.#deleted.missing(client, from, to)) hand.deleted.add(client, start, end)
    this.#deleted.add(client, from, to)
  }

  #write(client: number, clock: number, at: Instant): void {
    const times = this.#written.get(client) ?? []
    this.#written.set(client, times)
    addStint(times, clock, at)
  }
}
