import { createHmac, timingSafeEqual } from 'node:crypto'
import { getSessionCookie } from 'better-auth/cookies'

export const cookiePrefix = 'codossier'

/** Has this request a session's cookie that was signed with this secret? Such a session was there once. */
export function hasSignedCookie(headers: Headers, secret: string): boolean {
  const value = getSessionCookie(headers, { cookiePrefix }) ?? ''
  const dot = value.lastIndexOf('.')
  const given = Buffer.from(value.slice(dot + 1), 'base64')
  const right = createHmac('sha256', secret)
    .update(value.slice(0, Math.max(0, dot)))
    .digest()
  return given.length === right.length && timingSafeEqual(given, right)
}
