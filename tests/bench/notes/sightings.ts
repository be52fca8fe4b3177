import { createHistogram } from 'node:perf_hooks'
import { firstLetter } from './letters.ts'

/** More than anybody types before the last of it is seen. */
const remembered = 65_536

/** How far somebody has seen what a client wrote: all letters with clocks below `end`. */
export interface Seen {
  note: string
  clientId: number
  end: number
}

/** When letters of all notes were sent, and how long they took. */
export class Sightings {
  /** Microseconds from sending to a colleague's line, of letters sent since `begin`. */
  readonly tookUs = createHistogram({ lowest: 1, highest: 60_000_000, figures: 3 })
  /** Letters seen by a colleague; each counts once for each of them. */
  seen = 0
  /** How many were sent, and how many sightings of those are still to come. */
  sent = 0
  owed = 0
  #since = 0

  /** Letters sent from now on are measured. */
  begin(now: number): void {
    this.#since = now
    this.tookUs.reset()
    this.seen = this.sent = 0
  }

  /** `sentAt`, by the clock of `performance.now()`. */
  add(sentAt: number, now: number): void {
    this.seen++
    this.owed--
    if (sentAt >= this.#since) this.tookUs.record(Math.max(1, Math.round((now - sentAt) * 1_000)))
  }
}

interface Sent {
  /** When, by clock; the last `remembered` of them. */
  at: Float64Array
  /** How far the first of the others has seen it. */
  seenUpTo: number
}

/** The letters of one note, by who typed them. */
export class NoteSightings {
  readonly #note: string
  readonly #all: Sightings
  readonly #of = new Map<number, Sent>()

  constructor(note: string, all: Sightings) {
    this.#note = note
    this.#all = all
  }

  enter(clientId: number): void {
    this.#of.set(clientId, { at: new Float64Array(remembered), seenUpTo: firstLetter })
  }

  sent(clientId: number, clock: number, now: number): void {
    const sent = this.#of.get(clientId)
    if (!sent) return
    sent.at[clock % remembered] = now
    this.#all.sent++
    this.#all.owed += this.#of.size - 1
  }

  /** One line has these letters now (clocks from `from` to `end`, which it did not have before). */
  seen(clientId: number, from: number, end: number, now: number): void {
    const sent = this.#of.get(clientId)
    if (!sent) return
    if (end > sent.seenUpTo) sent.seenUpTo = end
    for (let clock = Math.max(from, firstLetter); clock < end; clock++) this.#all.add(sent.at[clock % remembered] ?? now, now)
  }

  /** What anybody has seen of what others wrote. */
  everSeen(): Seen[] {
    return [...this.#of].map(([clientId, { seenUpTo }]) => ({ note: this.#note, clientId, end: seenUpTo }))
  }
}
