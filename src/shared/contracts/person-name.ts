import { z } from 'zod'

/** A name as people write it: trimmed, 1 to 120 characters, no control characters. */
export const PersonName = z
  .string()
  .trim()
  .min(1)
  .max(120)
  .regex(/^[^\p{Cc}]*$/u, 'no control characters')
