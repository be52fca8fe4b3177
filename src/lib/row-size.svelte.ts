import { createSubscriber } from 'svelte/reactivity'

const phone = '(max-width: 639px)'
const phoneRowPx = 60

/** How high a row is: by the density that is set, two lines on a phone. Measured anew when the window or the density changes. */
export class RowSize {
  #subscribe = createSubscriber((update) => {
    addEventListener('resize', update)
    return () => removeEventListener('resize', update)
  })
  readonly narrow = $derived.by(() => {
    this.#subscribe()
    return matchMedia(phone).matches
  })
  readonly rowPx = $derived.by(() => {
    this.#subscribe()
    if (this.narrow) return phoneRowPx
    return Number.parseFloat(getComputedStyle(document.documentElement).getPropertyValue('--row')) || 36
  })
}
