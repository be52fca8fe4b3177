import { z } from 'zod'
import type { ImportJob } from '../import-job.ts'
import { dateOrders } from '../import-job.ts'
import { importFiles, type ImportSummary } from '../import.ts'
import { Id, Instant } from '../ids.ts'

const Count = z.number().int().nonnegative()
const Counts = z.object({ created: Count, changed: Count, unchanged: Count, faulty: Count })
const Fault = z.object({
  file: z.enum(importFiles),
  line: Count,
  column: z.string().nullable(),
  reason: z.string(),
  value: z.string(),
})

const CheckResult = z.object({
  counts: Counts,
  faults: z.array(Fault),
  faultCount: Count,
  faultyRows: Count,
  changes: z.array(
    z.object({
      line: Count,
      key: z.string(),
      name: z.string(),
      fields: z.array(z.object({ field: z.string(), before: z.string(), after: z.string() })),
    }),
  ),
  changeCount: Count,
  warnings: z.array(z.object({ line: Count, reason: z.string(), value: z.string() })),
})

/** A file on its way in. */
export const ImportJobAnswer = z.object({
  id: Id,
  file: z.enum(importFiles),
  fileName: z.string(),
  bytes: Count,
  state: z.enum(['reading', 'read', 'checking', 'checked', 'running', 'done', 'failed']),
  progress: z.object({ done: Count, total: Count }),
  delimiter: z.string(),
  encoding: z.string(),
  headings: z.array(z.string()),
  rows: Count,
  sample: z.array(z.array(z.string())),
  fields: z.array(z.object({ name: z.string(), required: z.boolean() })),
  guess: z.record(z.string(), Count),
  dates: z.enum(dateOrders),
  result: CheckResult.nullable(),
  problem: Fault.nullable(),
  importId: Id.nullable(),
  commandId: Id.nullable(),
  refusal: z.looseObject({ code: z.string() }).nullable(),
} satisfies { [F in keyof ImportJob]: z.ZodType })

const Summary = z.object({
  id: Id,
  file: z.enum(importFiles),
  fileName: z.string(),
  counts: Counts,
  n: Count,
  by: Id,
  at: Instant,
  undone: z.object({ by: Id, at: Instant, n: Count }).nullable(),
} satisfies { [F in keyof ImportSummary]: z.ZodType })

/** The imports of an office, newest first. */
export const ImportsAnswer = z.object({ imports: z.array(Summary) })
/** The number of the event by which an import was taken back. */
export const ImportUndone = z.object({ n: Count.nullable() })
