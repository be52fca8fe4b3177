import type { Refusal } from '#shared/contracts/refusals.ts'
import { ApiError } from '$lib/live/fetch-json.ts'
import { refusalText } from '$lib/refusal-text.ts'
import { m } from '$paraglide/messages.js'

/** Why a request of the import did not go, in words: the refusal it came with, else what can be said without one. */
export function apiErrorText(error: unknown): string {
  if (!(error instanceof ApiError)) return m.import_line_broken()
  const refusal = refusalOf(error)
  return refusal ? refusalText(refusal) : m.import_server_failed()
}

/** The server has no such file any more. */
export function isGone(error: unknown): boolean {
  return error instanceof ApiError && refusalOf(error)?.code === 'importGone'
}

function refusalOf(error: ApiError): Refusal | undefined {
  return (error.body as { refusal?: Refusal } | null)?.refusal
}
