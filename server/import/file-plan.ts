import type { Client } from '#shared/contracts/client.ts'
import type { Dossier, Subject } from '#shared/contracts/dossier.ts'
import type { Id, Instant } from '#shared/contracts/ids.ts'
import type { Fault } from '#shared/contracts/import-fault.ts'
import type { FrameImport, ImportDetail, ImportFile } from '#shared/contracts/import.ts'
import type { CheckResult, ImportChange } from '#shared/contracts/import-job.ts'
import type { Frame } from '#shared/contracts/office.ts'
import type { Counter, Put } from '../store/store.ts'
import type { CsvRow } from './read-csv.ts'

/** What a file is planned against: the office at one moment. */
export interface KnownOffice {
  frame: Frame
  clients: readonly Client[]
  dossiers: readonly Dossier[]
  counters: readonly Counter[]
}

export interface FileInput {
  /** Rows under the names of fields; only fields that a column fills. */
  rows: readonly CsvRow[]
  /** The fields that a column fills: only these can change what is there already. */
  mapped: ReadonlySet<string>
  known: KnownOffice
  now: Instant
  newId: () => Id
}

/** What the good rows of a file do. Records stand at 0: the commit gives them their number. */
export interface FilePlan {
  faults: Fault[]
  created: number
  unchanged: number
  changes: ImportChange[]
  warnings: CheckResult['warnings']
  puts: Put[]
  frame: FrameImport
  subjects: Subject[]
  /** First texts of internal notes: text as it stands in the file, never markup. */
  notes: { dossierId: Id; text: string }[]
  detail: Omit<ImportDetail, 'id'>
  clientsCreated: number
  dossierIds: Id[]
}

export function emptyPlan(): FilePlan {
  return {
    ...{ faults: [], created: 0, unchanged: 0, changes: [], warnings: [], puts: [], subjects: [], notes: [] },
    frame: { members: [], owners: [], divisions: [] },
    detail: {
      created: { members: [], owners: [], divisions: [], clients: [], dossiers: [] },
      noted: [],
      changed: { members: [], owners: [], clients: [], dossiers: [] },
    },
    clientsCreated: 0,
    dossierIds: [],
  }
}

/** Only these cells of a row, over what the record says already (or what is usual for a new one). */
export function overlaid(row: CsvRow, present: Readonly<Record<string, string>>): CsvRow {
  return { line: row.line, cells: { ...present, ...row.cells } }
}

/** A cell that is empty says the usual thing. */
export function orUsual(cells: CsvRow['cells'], usual: Readonly<Record<string, string>>): CsvRow['cells'] {
  const filled = Object.entries(usual).filter(([field]) => !cells[field]?.trim())
  return { ...cells, ...Object.fromEntries(filled) }
}

/** What changes between two sets of cells, for the preview. */
export function cellChanges(before: CsvRow['cells'], after: CsvRow['cells'], fields: Iterable<string>): ImportChange['fields'] {
  return [...fields].flatMap((field) => {
    const [old = '', now = ''] = [before[field], after[field]]
    return old === now ? [] : [{ field, before: old.slice(0, 200), after: now.slice(0, 200) }]
  })
}

export type Planner = (file: ImportFile, input: FileInput) => FilePlan
