import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { type Id, newId } from '#shared/contracts/ids.ts'

/**
 * The code behind the link that a server without an office prints: new at each start, or, on nodes that share a store, the same on all of
 * them; gone once there is an office.
 */
export class OneTimeCode {
  /** Of the office that is made by it: of two that make it at once, on two nodes, the second finds it there. */
  readonly officeId: Id
  #code: Buffer | null

  constructor(isOpen: boolean, code = randomBytes(16).toString('base64url')) {
    this.officeId = idOf(code)
    this.#code = isOpen ? Buffer.from(code) : null
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

/** The same for the same code; says nothing of it. */
function idOf(code: string): Id {
  const digest = createHash('shake256', { outputLength: 24 }).update(code).digest()
  return newId((bytes) => {
    bytes.set(digest)
    return bytes
  })
}
