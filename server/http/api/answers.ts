import type { Context } from 'hono'
import type { Refusal } from '#shared/contracts/refusals.ts'
import type { Actor } from '#shared/domain/access.ts'
import { refusalResponse } from '../refusal-response.ts'

/** What the routes behind a sign-in find in their context. */
export interface Env {
  Variables: { actor: Actor; sessionKey: string }
}

/** A refusal as an answer, under the status that fits it. */
export function refused(_c: Context, refusal: Refusal): Response {
  return refusalResponse(refusal)
}
