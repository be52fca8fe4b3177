/**
 * Everything a store holds, of all its offices, as rows that are the same in every adapter: what copying, backup and restore go by. Types only.
 * Files on their way in are left out: they live an hour, and whoever brought one has it still. So is what notes say, for searches: it is read
 * from their logs anew.
 */
import type { Client } from '#shared/contracts/client.ts'
import type { Dossier } from '#shared/contracts/dossier.ts'
import type { OfficeEvent } from '#shared/contracts/events.ts'
import type { Id } from '#shared/contracts/ids.ts'
import type { CopyKey, NoteAppend, NoteSnapshot, RecordKind, Records, StoredAnswer, StoredVersion } from './store.ts'

interface OfOffice {
  office: Id
}
interface OfNote extends OfOffice {
  note: Id
}

/** The rows of each section, in the order in which they are copied: an office is there when everything of it is. */
export interface Contents {
  records: OfOffice & { kind: Exclude<RecordKind, 'client' | 'dossier'>; id: Id; record: Records[RecordKind] }
  clients: OfOffice & { record: Client }
  dossiers: OfOffice & { record: Dossier }
  events: OfOffice & { event: OfficeEvent }
  answers: OfOffice & StoredAnswer
  /** Where a note's log ends; of epoch 1 with nothing written there is none. */
  notes: OfNote & { epoch: number; seq: number }
  noteSnapshots: OfNote & { epoch: number } & NoteSnapshot
  noteVersions: OfNote & StoredVersion
  noteUpdates: OfNote & Omit<NoteAppend, 'officeId' | 'note' | 'fence'>
  noteGrants: OfNote & { client: number; memberId: Id }
  copyKeys: OfOffice & CopyKey
  fences: OfOffice & { fence: number; value: number }
  offices: OfOffice & { number: number }
}

/** A section of a store, or of its accounts. */
export interface Section<Row> {
  /** About how many rows there are. */
  count(): Promise<number>
  /** Its rows in the order of their keys, some at a time; only those whose keys come after this row's. */
  read(after: Row | null): AsyncIterable<Row[]>
  /** Writes rows that come after all that are there; those that are there already are written over. On disk when what is copied is. */
  write(rows: readonly Row[]): Promise<void>
  /** After which row writing goes on that was broken off: what may be there by halves is removed. Null: from the first. */
  last(): Promise<Row | null>
}

export type Sections = { [K in keyof Contents]: Section<Contents[K]> }
