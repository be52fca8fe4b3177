import type { Id } from './ids.ts'
import type { Language } from './language.ts'

/** A step of the office's own pipeline. Stages stand in the frame in their order; exactly one is the closing one (S4.9). */
export interface Stage {
  id: Id
  /** Named in at least the office's language. */
  names: Partial<Record<Language, string>>
  closing: boolean
  /** How many days are usual in this stage; null: no expectation. Past it a card goes amber, past twice that red. */
  usualDays: number | null
}
