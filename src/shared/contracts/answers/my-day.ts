import { z } from 'zod'
import { Id, Instant } from '../ids.ts'
import type { MyDayChanges } from '../my-day.ts'
import { HistoryEntryAnswer } from './dossier.ts'

const N = z.number().int().nonnegative()

/** What changed since the member was last here. */
export const MyDayAnswer = z.strictObject({
  since: z.strictObject({ n: N, at: Instant }).nullable(),
  at: N,
  changes: z.array(z.strictObject({ dossierId: Id, entries: z.array(HistoryEntryAnswer) })),
  more: z.boolean(),
}) satisfies z.ZodType<MyDayChanges>

export const SeenAnswer = z.strictObject({ n: N })
