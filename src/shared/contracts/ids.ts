import { z } from 'zod'

/** An id: 14 to 40 letters, digits, `-` or `_`. Made by whoever creates the thing (`newId`), unique within an office. */
export const Id = z.string().regex(/^[A-Za-z0-9_-]{14,40}$/, 'an id has 14 to 40 letters or digits')
export type Id = z.infer<typeof Id>

const letters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** A new random id of 16 letters (95 bits) out of the random bytes handed in: `newId((b) => crypto.getRandomValues(b))`. */
export function newId(random: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>): Id {
  let id = ''
  while (id.length < 16) {
    for (const byte of random(new Uint8Array(24))) {
      // 248 = 4 × 62: larger bytes would make the first letters likelier
      if (byte < 248 && id.length < 16) id += letters[byte % 62]
    }
  }
  return id
}

/** A calendar date without a time: `2026-11-23`. */
export const CalendarDate = z.iso.date()
/** Milliseconds since 1970 (UTC). */
export const Instant = z.number().int().nonnegative()
export type Instant = z.infer<typeof Instant>
/** Whole cents of the office's currency, up to ten thousand million. */
export const Cents = z.number().int().min(0).max(1_000_000_000_000)
