import type { Instant } from '#shared/contracts/ids.ts'

/** A call that is still to come. */
export interface Timer {
  cancel(): void
  /** Does not keep the process up. */
  unref(): Timer
}

/** Time as the notes have it. */
export interface Clock {
  /** Milliseconds since 1970. */
  now: () => Instant
  /** Milliseconds since some moment; never goes back. */
  elapsed: () => number
  /** Calls once, after so many milliseconds. */
  after: (ms: number, call: () => void) => Timer
  /** Calls again and again, every so many milliseconds. */
  every: (ms: number, call: () => void) => Timer
  /** Calls when the present turn of the event loop is over. */
  nextTurn: (call: () => void) => void
}

const timerOf = (timer: NodeJS.Timeout): Timer => ({
  // clears intervals as well
  cancel: () => clearTimeout(timer),
  unref() {
    timer.unref()
    return this
  },
})

/** The machine's own. */
export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  after: (ms, call) => timerOf(setTimeout(call, ms)),
  every: (ms, call) => timerOf(setInterval(call, ms)),
  nextTurn: (call) => void setImmediate(call),
}
