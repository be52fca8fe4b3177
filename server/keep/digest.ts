import { createHash, type Hash } from 'node:crypto'

/** What a section holds: how many rows, and a hash of all of them in order. */
export interface Digest {
  count: number
  sha256: string
}

/** Adds up a section's rows as they come. */
export class Digesting {
  readonly #hash: Hash = createHash('sha256')
  #count = 0

  add(rows: readonly object[]): void {
    for (const row of rows) this.#hash.update(textOf(row)).update('\n')
    this.#count += rows.length
  }

  end(): Digest {
    return { count: this.#count, sha256: this.#hash.digest('hex') }
  }
}

/** The same text for the same row, in whatever order its fields are stored. */
function textOf(row: object): string {
  return JSON.stringify(row, (_, value: unknown) => {
    if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
  })
}
