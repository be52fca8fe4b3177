import type { Context } from 'hono'
import type { Id } from '#shared/contracts/ids.ts'
import type { Refusal } from '#shared/contracts/refusals.ts'
import type { Actor } from '#shared/domain/access.ts'
import { refusalResponse } from '../refusal-response.ts'

/** What the routes behind a sign-in find in their context. */
export interface Env {
  /** Either the session by which they came, or the token. */
  Variables: { actor: Actor; sessionKey: string; tokenId?: Id }
}

/** A refusal as an answer, under the status that fits it. */
export function refused(_c: Context, refusal: Refusal): Response {
  return refusalResponse(refusal)
}
