import type { Id } from '#shared/contracts/ids.ts'

/**
 * What a store that several nodes share tells each of them, its own writes included. A hint, never more: it may come late, twice or not at
 * all, and what counts is what the store says when it is read.
 */
export interface Heard {
  /** The office's log stands at this number. */
  office(officeId: Id, number: number): void
  /** The note's log goes on to `seq`, or is of another epoch; null: as before. */
  note(officeId: Id, note: Id, end: { epoch: number | null; seq: number | null }): void
  sessionEnded(sessionKey: string): void
  /** Some of it was missed. */
  lost(error: unknown): void
}
