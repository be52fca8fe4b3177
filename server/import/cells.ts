import { z } from 'zod'
import { CalendarDate, Cents } from '#shared/contracts/ids.ts'
import type { FaultReason } from '#shared/contracts/import-fault.ts'

/** The reason a check of a cell fails for, in place of zod's own message. */
export function because(reason: FaultReason): { error: FaultReason } {
  return { error: reason }
}

/** Trimmed text of one line, possibly empty. */
export function line(max: number) {
  return z
    .string()
    .trim()
    .max(max, because('tooLong'))
    .regex(/^[^\p{Cc}]*$/u, because('controlCharacter'))
}

/** Text of one line that must be there. */
export function required(max: number) {
  return line(max).min(1, because('missing'))
}

/** Text of one line, null where the cell is empty. */
export function optional(max: number) {
  return line(max).transform((cell) => cell || null)
}

/** One of these words. */
export function oneOf<const T extends readonly [string, ...string[]]>(words: T) {
  return z
    .string()
    .trim()
    .pipe(z.enum(words, because('notAllowed')))
}

/** A calendar date that exists, `2026-11-23`; null where the cell is empty. */
export const date = z
  .string()
  .trim()
  .refine((cell) => cell === '' || CalendarDate.safeParse(cell).success, because('notADate'))
  .transform((cell) => cell || null)

/** Whole currency units, or with two decimals after a point, to cents; null where the cell is empty. */
export const amount = z
  .string()
  .trim()
  .refine((cell) => cell === '' || (/^\d{1,15}(\.\d{2})?$/.test(cell) && Cents.safeParse(centsOf(cell)).success), because('notAnAmount'))
  .transform((cell) => (cell === '' ? null : centsOf(cell)))

/** By digits, not by multiplication: 0.29 × 100 is not 29. */
function centsOf(cell: string): number {
  const [units = '', cents = '00'] = cell.split('.')
  return Number(units + cents)
}

/** Names in one cell, split by `|`. */
export function namesIn(cell: string | undefined): string[] {
  return (cell ?? '')
    .split('|')
    .map((name) => name.trim())
    .filter(Boolean)
}

/** How names and addresses are compared: without regard to capitals, to how accents are encoded, or to the kind of apostrophe. */
export function keyOf(cell: string | undefined): string {
  return (cell ?? '').trim().normalize('NFC').toLowerCase().replaceAll('’', "'")
}
