import { createHistogram } from 'node:perf_hooks'
import { firstLetter } from './letters.ts'

/** More than anybody types before the last of it is seen; a power of two. */
const remembered = 65_536

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

/** The letters of one note, by who typed them. */
export class NoteSightings {
  readonly all: Sightings
  readonly #sentAt = new Map<number, Float64Array>()

  constructor(all: Sightings) {
    this.all = all
  }

  enter(clientId: number): void {
    this.#sentAt.set(clientId, new Float64Array(remembered))
  }

  sent(clientId: number, clock: number, now: number): void {
    const at = this.#sentAt.get(clientId)
    if (!at) return
    at[clock % remembered] = now
    this.all.sent++
    this.all.owed += this.#sentAt.size - 1
  }

  /** One line has these letters now (clocks from `from` to `end`, which were not there before). */
  seen(clientId: number, from: number, end: number, now: number): void {
    const at = this.#sentAt.get(clientId)
    if (at) for (let clock = Math.max(from, firstLetter); clock < end; clock++) this.all.add(at[clock % remembered] ?? now, now)
  }
}
