/** One short word to the person: what was done, with a way back, or why something was refused. */
export interface Toast {
  text: string
  tone?: 'plain' | 'bad'
  action?: { label: string; shortcut?: string; run: () => void }
  /** How long it stays; longer by itself where there is something to decide or to read. */
  ms?: number
}

/** One toast at a time; the newest wins. */
class Toasts {
  current: Toast | null = $state.raw(null)
  #timer: ReturnType<typeof setTimeout> | undefined
  #endsAt = 0

  show(toast: Toast): void {
    this.current = toast
    this.#startTimer(toast.ms ?? (toast.tone === 'bad' ? 9_000 : toast.action ? 7_000 : 4_000))
  }

  dismiss(): void {
    clearTimeout(this.#timer)
    this.current = null
  }

  /** While it is pointed at or focused it stays. */
  hold(): void {
    clearTimeout(this.#timer)
  }

  release(): void {
    if (this.current) this.#startTimer(Math.max(2_000, this.#endsAt - Date.now()))
  }

  #startTimer(ms: number): void {
    clearTimeout(this.#timer)
    this.#endsAt = Date.now() + ms
    this.#timer = setTimeout(() => this.dismiss(), ms)
  }
}

export const toasts = new Toasts()
