import type { Context } from 'hono'
import type { Refusal } from '#shared/contracts/refusals.ts'
import type { Actor } from '#shared/domain/access.ts'

/** What the routes behind a sign-in find in their context. */
export interface Env {
  Variables: { actor: Actor; sessionKey: string }
}

const statusOf: Partial<Record<Refusal['code'], 403 | 404 | 409>> = {
  notFound: 404,
  forbidden: 403,
  changedMeanwhile: 409,
  commandIdReused: 409,
  idTaken: 409,
  undoNotPossible: 409,
}

/** A refusal as an answer, under the status that fits it: 422 where there is no better one. */
export function refused(c: Context, refusal: Refusal) {
  return c.json({ refusal }, statusOf[refusal.code] ?? 422)
}

/** The body as JSON; undefined, which no schema takes, where it is none. */
export function bodyOf(c: Context): Promise<unknown> {
  return c.req.json<unknown>().catch(() => undefined)
}
