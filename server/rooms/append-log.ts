import type { AppendResult, NoteAppend } from '../store/store.ts'
import type { Environment } from './environment.ts'

/** Something whose updates wait to be stored. */
export interface Appender {
  /** Takes what waits, in order, to be stored now. */
  take(): readonly NoteAppend[]
  /** The answers to what was taken, in order. */
  settle(results: readonly AppendResult[]): void
  /** The commit threw: what was taken may or may not be stored. */
  fail(error: unknown): void
}

/** One group commit for all rooms: what waits is stored together, and while it is, what comes then gathers for the next. */
export class AppendLog {
  readonly #environment: Pick<Environment, 'store' | 'clock'>
  readonly #flushMs: number
  readonly #waiting = new Set<Appender>()
  #running = false
  #nextFlushMs = -Infinity

  /** @param flushMs the shortest time between two commits, in milliseconds; the first after a pause goes at once */
  constructor(environment: Pick<Environment, 'store' | 'clock'>, flushMs: number) {
    this.#environment = environment
    this.#flushMs = flushMs
  }

  /** This appender has something to store. Asking again before it is taken changes nothing. */
  push(appender: Appender): void {
    this.#waiting.add(appender)
    if (this.#running) return
    this.#running = true
    this.#next()
  }

  #next(): void {
    const { clock } = this.#environment
    const waitMs = this.#nextFlushMs - clock.elapsed()
    if (waitMs > 0) clock.after(waitMs, () => void this.#run())
    // not in this turn: what else comes in it goes along
    else clock.nextTurn(() => void this.#run())
  }

  async #run(): Promise<void> {
    await this.#flush()
    if (this.#waiting.size > 0) return this.#next()
    this.#running = false
  }

  async #flush(): Promise<void> {
    const { store, clock } = this.#environment
    this.#nextFlushMs = clock.elapsed() + this.#flushMs
    const batches = [...this.#waiting].map((appender) => ({ appender, appends: appender.take() }))
    this.#waiting.clear()
    const appends = batches.flatMap((batch) => batch.appends)
    let results: readonly AppendResult[]
    try {
      results = appends.length > 0 ? await store.appendNotes(appends) : []
    } catch (error) {
      for (const batch of batches) batch.appender.fail(error)
      return
    }
    const storedMs = clock.elapsed()
    let at = 0
    for (const {
      appender,
      appends: { length },
    } of batches)
      settle(appender, results.slice(at, (at += length)))
    // sending takes longer than storing under load: the next commit waits for more, so that each socket gets more in one message
    const settledMs = clock.elapsed()
    this.#nextFlushMs = Math.max(this.#nextFlushMs, settledMs + (settledMs - storedMs))
  }
}

/** A note in which something is wrong does not stop the others: it begins anew from what is stored. */
function settle(appender: Appender, results: readonly AppendResult[]): void {
  try {
    appender.settle(results)
  } catch (error) {
    appender.fail(error)
  }
}
