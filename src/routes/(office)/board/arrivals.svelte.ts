import { SvelteMap } from 'svelte/reactivity'
import type { Id } from '#shared/contracts/ids.ts'

/** Who brought a card to where it is now. */
export interface Arrival {
  dossierId: Id
  stageId: Id
  memberId: Id
}

const shownMs = 3_000

/** Cards that a colleague has just moved: each carries the colleague's name for three seconds. */
export class Arrivals {
  #arrivals = new SvelteMap<Id, Arrival>()
  #timers = new Map<Id, ReturnType<typeof setTimeout>>()

  mark(arrival: Arrival): void {
    clearTimeout(this.#timers.get(arrival.dossierId))
    this.#arrivals.set(arrival.dossierId, arrival)
    this.#timers.set(
      arrival.dossierId,
      setTimeout(() => this.#forget(arrival.dossierId), shownMs),
    )
  }

  /** Reactive. */
  of(dossierId: Id): Arrival | undefined {
    return this.#arrivals.get(dossierId)
  }

  /** The arrivals in a stage, newest last. Reactive. */
  in(stageId: Id): Arrival[] {
    return [...this.#arrivals.values()].filter((a) => a.stageId === stageId)
  }

  clear(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer)
    this.#timers.clear()
    this.#arrivals.clear()
  }

  #forget(dossierId: Id): void {
    this.#timers.delete(dossierId)
    this.#arrivals.delete(dossierId)
  }
}
