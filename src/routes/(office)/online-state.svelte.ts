import { createSubscriber } from 'svelte/reactivity'

/** Whether this device has a network at all. Reactive. */
export class OnlineState {
  #subscribe = createSubscriber((update) => {
    addEventListener('online', update)
    addEventListener('offline', update)
    return () => {
      removeEventListener('online', update)
      removeEventListener('offline', update)
    }
  })

  get online(): boolean {
    this.#subscribe()
    return navigator.onLine
  }
}
