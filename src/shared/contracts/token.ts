import { z } from 'zod'
import { type Id, Id as AnId, Instant } from './ids.ts'
import { LinkId, linkIdOf } from './link.ts'

/** `read`: what the member may read. `all`: also what they may do, but for making tokens, and for what lets in: sessions and passwords. */
export const TokenScope = z.enum(['read', 'all'])
export type TokenScope = z.infer<typeof TokenScope>

/** By this a program acts as a member, without a session. Kept under the hash of its code; the code itself stands nowhere. */
export interface Token {
  id: Id
  memberId: Id
  /** What it is for; stands in the history beside what it did. */
  name: string
  scope: TokenScope
  madeAt: Instant
  /** Null: until it is revoked. */
  expiresAt: Instant | null
  /** Within `tokenTouchMs`; null: never. */
  usedAt: Instant | null
}

/** When a token was last used is noted once in so many milliseconds. */
export const tokenTouchMs = 5 * 60_000
/** A member has so many at most. */
export const mostTokens = 50

const prefix = 'codossier'

/** The token as a program sends it, of a code of 128 random bits. */
export function tokenText(officeId: Id, code: string): string {
  return `${prefix}_${officeId}_${code}`
}

/** Where a token belongs and what it is kept under; null: it is none. */
export function readToken(text: string): { officeId: Id; tokenId: Id } | null {
  const [, officeId, code] = /^codossier_([A-Za-z0-9_-]{14,40})_([A-Za-z0-9_-]{22})$/.exec(text) ?? []
  return officeId && code ? { officeId, tokenId: linkIdOf(code) } : null
}

/* ---- commands ---- */

/** The sender makes the code and keeps it: only its hash (`linkIdOf`) travels, so no code is ever stored. */
export const MakeToken = z.strictObject({
  type: z.literal('token.make'),
  tokenId: LinkId,
  name: z.string().trim().min(1).max(60),
  scope: TokenScope,
  expiresAt: Instant.nullable(),
})
export type MakeToken = z.infer<typeof MakeToken>

/** It lets in no more from this moment on. For its member and the admins. */
export const RevokeToken = z.strictObject({ type: z.literal('token.revoke'), tokenId: LinkId })
export type RevokeToken = z.infer<typeof RevokeToken>

/* ---- events ---- */

/** For the member and the admins alone. */
export interface TokenEvent {
  type: 'token.made' | 'token.revoked'
  memberId: Id
  name: string
}

/* ---- answers ---- */

export const Tokens = z.strictObject({
  tokens: z.array(
    z.strictObject({
      id: LinkId,
      memberId: AnId,
      name: z.string(),
      scope: TokenScope,
      madeAt: Instant,
      expiresAt: Instant.nullable(),
      usedAt: Instant.nullable(),
    }),
  ),
})
