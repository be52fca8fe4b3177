import type { Refusal } from '#shared/contracts/refusals.ts'

/** One of many that is refused; `number` is empty where its number may not be known. */
export interface Refused {
  number: string
  refusal: Refusal
}

/** The answer to a change of many of which some are refused: how many, and the first by name, one that may be seen where there is one. */
export function refusedOf(refused: readonly Refused[]): Refusal | null {
  const first = refused.find(({ number }) => number !== '') ?? refused[0]
  return first ? { code: 'someRefused', count: refused.length, number: first.number, first: first.refusal } : null
}
