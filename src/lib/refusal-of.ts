import type { Refusal } from '#shared/contracts/refusals.ts'
import { ApiError } from './live/fetch-json.ts'

/** The refusal that an answer of the API carries; null for every other failure. */
export function refusalOf(error: unknown): Refusal | null {
  if (!(error instanceof ApiError) || typeof error.body !== 'object' || error.body === null) return null
  return 'refusal' in error.body ? (error.body.refusal as Refusal) : null
}
