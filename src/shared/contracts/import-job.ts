import { z } from 'zod'
import type { Fault } from './import-fault.ts'
import type { Id } from './ids.ts'
import type { Refusal } from './refusals.ts'
import { type ImportCounts, type ImportFile, importFiles, type ImportSummary } from './import.ts'

export type { ImportSummary }

/** The largest file that is taken, in bytes. */
export const mostImportBytes = 64 * 1024 * 1024

export const dateOrders = ['auto', 'iso', 'dayFirst', 'monthFirst'] as const
export type DateOrder = (typeof dateOrders)[number]

/** What the address of an upload says; the file is the body. */
export const UploadImport = z.object({ file: z.enum(importFiles) })

/** The header that says what the file is called, percent-encoded: a name of a file may be that of a person, and does not belong into an address. */
export const fileNameHeader = 'x-file-name'

/** Which column (from 0) fills which field, and how dates are written in the file. */
export const CheckImport = z.strictObject({
  mapping: z.record(z.string().max(40), z.number().int().min(0).max(10_000)),
  dates: z.enum(dateOrders).default('auto'),
})
export type CheckImport = z.infer<typeof CheckImport>

/** `refuse`: only when every row is good; `leaveOut`: the good rows alone. */
export const RunImport = z.strictObject({ faulty: z.enum(['refuse', 'leaveOut']) })
export type RunImport = z.infer<typeof RunImport>

/** What one row would change in what the office has already. */
export interface ImportChange {
  line: number
  /** The reference, number or address by which it was found. */
  key: string
  name: string
  fields: { field: string; before: string; after: string }[]
}

/** What a dry run found. Lists are cut; the counts are not. */
export interface CheckResult {
  counts: ImportCounts
  faults: Fault[]
  faultCount: number
  faultyRows: number
  changes: ImportChange[]
  changeCount: number
  warnings: { line: number; reason: 'partnerGone'; value: string }[]
}

/** A file on its way in: lives on the server for an hour, or until its import is done. */
export interface ImportJob {
  id: Id
  file: ImportFile
  fileName: string
  bytes: number
  state: 'reading' | 'read' | 'checking' | 'checked' | 'running' | 'done' | 'failed'
  progress: { done: number; total: number }
  delimiter: string
  encoding: string
  headings: string[]
  rows: number
  /** The first rows, as they stand in the file. */
  sample: string[][]
  fields: { name: string; required: boolean }[]
  guess: Record<string, number>
  dates: DateOrder
  result: CheckResult | null
  /** What is wrong with the file as a whole. */
  problem: Fault | null
  importId: Id | null
  commandId: Id | null
  /** Why the import was refused at the last moment: the office had moved on since the dry run. */
  refusal: Refusal | null
}
