import { untrack } from 'svelte'
import { clock } from '$lib/clock.svelte.ts'
import { live } from '$lib/live/live.svelte.ts'
import { countOf, waitingFor } from './waiting.ts'

const pauseMs = 400

/** How much waits for this member, for the mark at the place: counted anew a moment after something changed. */
class DayCount {
  value = $state(0)
  #timer: ReturnType<typeof setTimeout> | undefined

  /** Keeps counting for the component's life. */
  watch(): void {
    $effect(() => {
      void [live.workspace.version, live.workspace.frame, live.workspace.me, clock.now]
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined
        this.value = untrack(() => this.#count())
      }, pauseMs)
    })
    $effect(() => () => {
      clearTimeout(this.#timer)
      this.#timer = undefined
    })
  }

  #count(): number {
    const { frame, me } = live.workspace
    return me ? countOf(waitingFor(frame, me, live.workspace.rows(), clock.now)) : 0
  }
}

export const dayCount = new DayCount()
