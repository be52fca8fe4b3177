import { digest } from 'lib0/hash/sha256'
import { encodeUtf8 } from 'lib0/string'
import { z } from 'zod'
import type { Id, Instant } from './ids.ts'

/** What a link is kept under: the hash of its code. The code itself stands in no store, log or answer. */
export const LinkId = z.string().regex(/^[A-Za-z0-9_-]{40}$/, 'the first 40 letters of the base64url of the SHA-256 of the code')

/** 128 random bits as they stand in a link: 22 letters. */
export const LinkCode = z.string().regex(/^[A-Za-z0-9_-]{22}$/, 'the 22 letters behind the # of the link')

export type LinkPurpose = 'invitation' | 'reset'
export const invitationMs = 7 * 86_400_000
export const resetMs = 3_600_000

/** A link by which somebody without a session may do one thing, once: join, or set a new password. */
export interface Link {
  id: Id
  memberId: Id
  purpose: LinkPurpose
  /** Whose command it was; null: made on the command line. */
  madeBy: Id | null
  expiresAt: Instant
  usedAt: Instant | null
  /** A newer one was made, or the member was deactivated: this one stopped. */
  stoppedAt: Instant | null
}

/** The path of a link: office and code stand behind `#`, which reaches no server, proxy or log. */
export function linkPath(purpose: LinkPurpose, officeId: Id, code: string): string {
  return `/${purpose === 'invitation' ? 'join' : 'reset'}#${officeId}.${code}`
}

/** The code made of 16 random bytes. */
export function linkCodeOf(bytes: Uint8Array): string {
  return base64url(bytes)
}

/** The id that a link of this code is kept under. Not WebCrypto: an office on its own network over plain http has none. */
export function linkIdOf(code: string): Id {
  return base64url(digest(encodeUtf8(code))).slice(0, 40)
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

function base64url(bytes: Uint8Array): string {
  let text = ''
  for (let i = 0; i < bytes.length; i += 3) {
    const [a = 0, b = 0, c = 0] = bytes.subarray(i, i + 3)
    const group = (a << 16) | (b << 8) | c
    for (let j = 0; j <= Math.min(3, bytes.length - i); j++) text += letters[(group >> (18 - 6 * j)) & 63]
  }
  return text
}
