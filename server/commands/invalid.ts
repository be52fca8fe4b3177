import type { ZodError } from 'zod'
import type { Refusal } from '#shared/contracts/refusals.ts'

/** What the shared schema found wrong, as a refusal that names each field and what is allowed. */
export function invalid(error: ZodError): Refusal {
  return {
    code: 'invalid',
    issues: error.issues.slice(0, 20).map((issue) => ({ field: issue.path.join('.') || '(body)', reason: issue.message })),
  }
}
