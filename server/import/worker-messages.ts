import type { StorePlace } from '../store/open.ts'
import type { Subject } from '#shared/contracts/dossier.ts'
import type { Id } from '#shared/contracts/ids.ts'
import type { Fault } from '#shared/contracts/import-fault.ts'
import type { FrameImport, ImportCounts, ImportDetail, ImportFile } from '#shared/contracts/import.ts'
import type { CheckImport, CheckResult, DateOrder } from '#shared/contracts/import-job.ts'
import type { Refusal } from '#shared/contracts/refusals.ts'
import type { Put } from '../store/store.ts'

/** What is asked of the thread that reads and plans a file. */
export type Ask =
  | { kind: 'read' }
  | { kind: 'check'; asked: CheckImport }
  | { kind: 'plan'; asked: CheckImport }
  | { kind: 'faults' }
  | { kind: 'planUndo'; importId: Id }

export interface ReadAnswer {
  problem: Fault | null
  delimiter: string
  encoding: string
  headings: string[]
  rows: number
  sample: string[][]
  guess: Record<string, number>
  dates: DateOrder
}

/** What an import, or taking one back, commits: large parts as bytes that are handed on untouched. */
export interface Planned {
  /** The number of the office's log that it was planned on. */
  base: number
  bulk: Uint8Array<ArrayBuffer>[]
  smallPuts: Put[]
  frame: FrameImport
  subjects: Subject[]
  /** Dossiers that it makes, or takes away. */
  dossierIds: Id[]
  clientsCreated: number
  counts: ImportCounts
  detail: Omit<ImportDetail, 'id'>
  /** First texts of notes, as updates. */
  notes: { dossierId: Id; bytes: Uint8Array<ArrayBuffer> }[]
  /** Clients and dossiers that it changes or takes away: when one of them has changed since, it is planned again. */
  touched: Id[]
  /** Taking back: the entries of the frame that are gone. */
  gone: { members: Id[]; owners: Id[]; divisions: Id[] }
}

export interface Answers {
  read: ReadAnswer
  check: CheckResult
  plan: Planned
  faults: Uint8Array<ArrayBuffer>
  planUndo: { refusal: Refusal } | { planned: Planned }
}

export interface WorkerData {
  place: StorePlace
  officeId: Id
  file: ImportFile
  /** The file, and how long it is in bytes; null for taking back. */
  upload: { id: Id; bytes: number } | null
}

export type Reply =
  { progress: { done: number; total: number } } | { job: number; answer: Answers[keyof Answers] } | { job: number; error: string }
