import type { Subject } from './dossier.ts'
import type { ClientChanges } from './client-edit.ts'
import type { Division } from './division.ts'
import type { Id, Instant } from './ids.ts'
import type { Member, MemberChanges } from './member.ts'
import type { Owner } from './owner.ts'

/** What a file holds. */
export const importFiles = ['members', 'clients', 'dossiers'] as const
export type ImportFile = (typeof importFiles)[number]

export interface ImportCounts {
  created: number
  changed: number
  unchanged: number
  /** Rows with a fault: left out. */
  faulty: number
}

/** An import as the office keeps it: one entry in its history, that can be taken back while nothing in it has changed. */
export interface ImportSummary {
  id: Id
  file: ImportFile
  fileName: string
  counts: ImportCounts
  /** The number of its event, the member and the time. */
  n: number
  by: Id
  at: Instant
  undone: { by: Id; at: Instant; n: number } | null
}

/** What an import did, record by record: what taking it back needs. */
export interface ImportDetail {
  id: Id
  /** What it made. */
  created: { members: Id[]; owners: Id[]; divisions: Id[]; clients: Id[]; dossiers: Id[] }
  /** Of the dossiers it made, those whose note it gave a first text. */
  noted: Id[]
  /** What it changed, as it was before and is after. */
  changed: {
    members: { id: Id; fields: MemberChanges }[]
    owners: { before: Owner; after: Owner }[]
    clients: { id: Id; fields: ClientChanges }[]
    dossiers: Subject[]
  }
}

/** What an import does to the frame that every screen holds. */
export interface FrameImport {
  members: Member[]
  owners: Owner[]
  divisions: Division[]
  /** The setting "divisions" from here on, where the import changes it (S0.8). */
  divisionsOn?: boolean
}

/** Rows that came in together from a file: screens fetch them afresh instead of receiving them one by one. */
export interface DossiersImported {
  type: 'dossier.imported'
  /** How many clients are new. */
  clients: number
  /** The dossiers that are new. */
  dossierIds: Id[]
  /** Absent: it came with the creation of the office. */
  importId?: Id
  file?: ImportFile
  /** Dossiers that the office had already and that are different now. */
  subjects?: Subject[]
  /** Entries of the frame that are new or different now, whole. */
  frame?: FrameImport
}

/** An import was taken back as a whole. */
export interface ImportUndone {
  type: 'import.undone'
  undoes: number
  importId: Id
  /** The dossiers that are gone. */
  dossierIds: Id[]
  subjects: Subject[]
  /** Entries of the frame as they are again, and those that are gone. */
  frame: FrameImport
  gone: { members: Id[]; owners: Id[]; divisions: Id[] }
}
