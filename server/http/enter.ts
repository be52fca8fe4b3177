import type { Context, MiddlewareHandler } from 'hono'
import type { TokenScope } from '#shared/contracts/token.ts'
import type { Authenticate } from '../auth/door.ts'
import { type Limits, networkOf } from '../auth/limits.ts'
import type { TokenSeat } from '../auth/tokens.ts'
import type { Env } from './api/answers.ts'
import { refusalResponse, tooOften } from './refusal-response.ts'

export interface EnterOptions {
  authenticate: Authenticate
  byToken: (text: string) => Promise<TokenSeat | null>
  isAllowedOrigin: (origin: string | undefined) => boolean
  limits: Limits
  addressOf: (c: Context) => string
}

/** The scope a token needs for a request, its path below `/api/v1`; `none`: only a session may. */
export type NeededScope = (method: string, path: string) => TokenScope | 'none'

/** Lets in whoever has a session, or a token; a request with an `Authorization` is judged by that alone. */
export function enter(options: EnterOptions, needed: NeededScope): MiddlewareHandler<Env> {
  return async (c, next) => {
    const authorization = c.req.header('authorization')
    const refused = authorization === undefined ? await bySession(options, c) : await byToken(options, needed, c, authorization)
    if (refused) return refused
    c.header('cache-control', 'no-store')
    return next()
  }
}

async function bySession({ authenticate, isAllowedOrigin }: EnterOptions, c: Context<Env>): Promise<Response | null> {
  const isWrite = c.req.method !== 'GET' && c.req.method !== 'HEAD'
  if (isWrite && !isAllowedOrigin(c.req.header('origin'))) return c.json({ error: 'this Origin is not allowed' }, 403)
  const seat = await authenticate(c.req.raw.headers)
  if (!seat) return c.json({ error: 'sign in first' }, 401)
  c.set('actor', seat.actor)
  c.set('sessionKey', seat.sessionKey)
  return null
}

/** No `Origin` is asked for: no browser sends a token by itself. */
async function byToken(
  { byToken: seatOf, limits, addressOf }: EnterOptions,
  needed: NeededScope,
  c: Context<Env>,
  said: string,
): Promise<Response | null> {
  const guess = limits.wrongToken.take(networkOf(addressOf(c)))
  if ('waitSeconds' in guess) return refusalResponse(tooOften(guess.waitSeconds))
  const seat = await seatOf(/^Bearer (\S+)$/i.exec(said)?.[1] ?? '')
  if (!seat) return c.json({ error: 'this token is wrong, expired or revoked' }, 401, { 'www-authenticate': 'Bearer' })
  guess.giveBack()
  const used = limits.token.take(seat.tokenId)
  if ('waitSeconds' in used) return refusalResponse(tooOften(used.waitSeconds))
  const path = c.req.path.replace(/^\/api\/v1/, '')
  const scope = needed(c.req.method, path)
  const reaches = scope === 'read' || (scope === 'all' && seat.actor.token?.scope === 'all')
  if (!reaches) return refusalResponse({ code: 'forbidden', action: `${c.req.method} ${path}`, scope })
  c.set('actor', seat.actor)
  c.set('tokenId', seat.tokenId)
  return null
}
