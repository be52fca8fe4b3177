import { createSubscriber } from 'svelte/reactivity'

const tickMs = 30_000

/** The time now for whatever shows one that passes. It ticks only while somebody reads it. */
class Clock {
  #now = $state(Date.now())
  #subscribe = createSubscriber(() => {
    // a component that is created inside a derivation may not write state there and then
    queueMicrotask(() => (this.#now = Date.now()))
    const timer = setInterval(() => (this.#now = Date.now()), tickMs)
    return () => clearInterval(timer)
  })

  /** Milliseconds since 1970, at most 30 s old. Reactive. */
  get now(): number {
    this.#subscribe()
    return this.#now
  }
}

export const clock = new Clock()
