const pauseMs = 120

/** The text in the search field, ahead of the address bar, which follows once somebody pauses and does without blanks at either end. */
export class SearchText {
  #typed = $state('')
  #isAhead = $state(false)
  #timer: ReturnType<typeof setTimeout> | undefined
  readonly #inAddress: () => string
  readonly #write: (text: string) => Promise<void>

  /** `inAddress` is read reactively; `write` puts a text into the address bar. */
  constructor(inAddress: () => string, write: (text: string) => Promise<void>) {
    this.#inAddress = inAddress
    this.#write = write
  }

  /** What the field shows. Reactive. */
  get shown(): string {
    const inAddress = this.#inAddress()
    return this.#isAhead || this.#typed.trim() === inAddress ? this.#typed : inAddress
  }

  type(text: string): void {
    this.#typed = text
    this.#isAhead = true
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#write(text).then(() => (this.#isAhead = false)), pauseMs)
  }

  /** Forgets what was typed and not written yet. */
  settle(): void {
    clearTimeout(this.#timer)
    this.#isAhead = false
  }
}
