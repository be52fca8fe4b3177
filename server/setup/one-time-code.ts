import { randomBytes, timingSafeEqual } from 'node:crypto'

/** The code behind the link that a server without an office prints: new at each start, gone once an office was created with it. */
export class OneTimeCode {
  #code: Buffer | null

  constructor(isOpen: boolean) {
    this.#code = isOpen ? Buffer.from(randomBytes(16).toString('base64url')) : null
  }

  /** Null once it was used, or where there is an office already. */
  get text(): string | null {
    return this.#code?.toString() ?? null
  }

  matches(given: string): boolean {
    const bytes = Buffer.from(given)
    return this.#code !== null && bytes.length === this.#code.length && timingSafeEqual(bytes, this.#code)
  }

  /** Uses it up. Returns how to give it back when what it was for failed. */
  take(): () => void {
    const code = this.#code
    this.#code = null
    return () => (this.#code = code)
  }
}
