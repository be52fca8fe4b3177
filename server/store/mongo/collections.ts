import type { Collection, Db, Document, IndexDescription } from 'mongodb'
import type { DossierRow } from '#shared/contracts/dossier.ts'
import type { Id, Instant } from '#shared/contracts/ids.ts'
import type { NoteText, RecordKind, StoredVersion } from '../store.ts'
import type { Part } from './parts.ts'

/** The kinds that lie as documents under office, kind and id. */
export type SmallKind = Exclude<RecordKind, 'client' | 'dossier'>

/** A large commit of an office that is under way, or is done and being tidied up. */
export interface Large {
  id: string
  /** Done: what it brings is seen from here on, and what it takes away no longer. */
  isDone: boolean
  /** Goes up as long as whoever does it is alive. */
  beat: number
}

export interface OfficeDoc {
  /** The office: what is changed is told by this key. */
  _id: Id
  office: Id
  /** Of the office's last event. */
  number: number
  /** Counts every commit: those without events are to collide with others as well. */
  commits: number
  large?: Large
  /** Whose commit is the next. */
  turn?: { id: string }
}
/** How a large commit marks what it will bring, and what it will take away: with its id. */
interface Marked {
  /** Null is how a filter names what has none. */
  coming?: string | null
  going?: string
}
/** What may be longer than a document holds lies in parts, from 0; see `partsOf`. */
interface InParts {
  part: number
  /** How many there are; what lies beyond is of a longer value before. */
  parts: number
  doc: Part
}
export interface RecordDoc extends InParts {
  office: Id
  kind: SmallKind
  id: Id
  /** Of comments and mentions: what they are found by; `unseenBy` until the member has seen it. */
  dossier?: Id
  unseenBy?: Id
}
interface SeatDoc {
  account: string
  office: Id
  member: Id
}
export interface ClientDoc extends Marked {
  office: Id
  id: Id
  divisionId: Id | null
  ownerId: Id | null
  /** Folded, for the order. */
  nameKey: string
  words: string[]
  doc: string
}
export interface DossierDoc extends DossierRow, Marked {
  office: Id
  numberKey: string
  clientKey: string
  titleKey: string
  words: string[]
  /** What a dossier has beyond its slim row, as JSON. */
  detail: string
}
export interface EventDoc extends InParts {
  office: Id
  n: number
  member: Id
  command: Id
  /** The records in whose history it stands, each in one of the parts. */
  subjects: Id[]
}
export interface AnswerDoc {
  office: Id
  member: Id
  command: Id
  hash: string
  at: Instant
  answer: string
}
/** Where a note's log ends. Absent: epoch 1, nothing written. */
export interface NoteDoc {
  /** See `noteKey`: what is changed is told by this key. */
  _id: string
  office: Id
  note: Id
  epoch: number
  seq: number
  /** Counts what is no append, so that it collides with appends and with its like. */
  rewrites?: number
}
export interface NoteUpdateDoc {
  office: Id
  note: Id
  epoch: number
  seq: number
  member: Id
  at: Instant
  bytes: Uint8Array
}
interface NoteSnapshotDoc {
  office: Id
  note: Id
  epoch: number
  seq: number
  bytes: Uint8Array
  vector: Uint8Array
  ledger: Uint8Array | null
}
interface NoteVersionDoc extends StoredVersion {
  office: Id
  note: Id
}
/** The last client id granted for a note. Never deleted: none is ever granted twice. */
interface NoteClientDoc {
  office: Id
  note: Id
  last: number
}
interface NoteGrantDoc {
  office: Id
  note: Id
  member: Id
  client: number
}
export interface CopyKeyDoc {
  office: Id
  member: Id
  device: Id
  dossier: Id
  id: Id
  secret: Uint8Array
  session: string
  at: Instant
}
export interface UploadDoc {
  office: Id
  id: Id
  member: Id
  revision: number
  at: Instant
  doc: string
  /** Counts what was put into it: whoever takes it away meanwhile begins anew. */
  puts?: number
}
interface UploadPartDoc {
  office: Id
  upload: Id
  blob: Id
  part: number
  bytes: Uint8Array
}
interface FenceDoc {
  office: Id
  fence: number
  /** How often access to one of its notes changed. */
  value: number
  /** Counts appends: an append and a withdrawal write the same document, so that one of the two sees the other. */
  appends: number
}

/** The key of a note's end. */
export function noteKey(office: Id, note: Id): string {
  return `${office}/${note}`
}

/** What a dossier's note says, and the words by which it is found. */
interface NoteTextDoc extends NoteText {
  office: Id
  note: Id
  words: string[]
}

interface Documents {
  offices: OfficeDoc
  records: RecordDoc
  seats: SeatDoc
  clients: ClientDoc
  dossiers: DossierDoc
  events: EventDoc
  answers: AnswerDoc
  notes: NoteDoc
  noteUpdates: NoteUpdateDoc
  noteSnapshots: NoteSnapshotDoc
  noteVersions: NoteVersionDoc
  noteTexts: NoteTextDoc
  noteClients: NoteClientDoc
  noteGrants: NoteGrantDoc
  copyKeys: CopyKeyDoc
  uploads: UploadDoc
  uploadParts: UploadPartDoc
  fences: FenceDoc
}
export type Collections = { [K in keyof Documents]: Collection<Documents[K]> }

/**
 * Every index, by the name that queries give as their hint: there are several that begin with the office, and the planner would try them
 * out on each new kind of question. The office leads every key, so `{ office: 1 }` can be the shard key of each collection.
 */
export const indexes = {
  offices: { byId: { key: { office: 1 }, unique: true } },
  records: {
    byId: { key: { office: 1, kind: 1, id: 1, part: 1 }, unique: true },
    byDossier: { key: { office: 1, dossier: 1, kind: 1, id: 1, part: 1 }, partialFilterExpression: { dossier: { $exists: true } } },
    byUnseen: { key: { office: 1, unseenBy: 1, id: 1, part: 1 }, partialFilterExpression: { unseenBy: { $exists: true } } },
  },
  // an account sits in one office only, and leads to it: the one collection that is found without an office
  seats: { byAccount: { key: { account: 1 }, unique: true }, byMember: { key: { office: 1, member: 1 } } },
  clients: {
    byId: { key: { office: 1, id: 1, coming: 1 }, unique: true },
    byName: { key: { office: 1, nameKey: 1, id: 1 } },
    byWord: { key: { office: 1, words: 1 } },
    byDivision: { key: { office: 1, divisionId: 1 } },
  },
  dossiers: {
    byId: { key: { office: 1, id: 1, coming: 1 }, unique: true },
    byNumber: { key: { office: 1, number: 1, coming: 1 }, unique: true },
    byClient: { key: { office: 1, clientId: 1 } },
    byOwner: { key: { office: 1, ownerId: 1 } },
    byWord: { key: { office: 1, words: 1 } },
    // few dossiers have readers
    byReader: { key: { office: 1, readerIds: 1 }, partialFilterExpression: { 'readerIds.0': { $exists: true } } },
  },
  events: {
    byNumber: { key: { office: 1, n: 1, part: 1 }, unique: true },
    byCommand: { key: { office: 1, command: 1, member: 1 } },
    bySubject: { key: { office: 1, subjects: 1, n: -1 } },
  },
  answers: {
    byCommand: { key: { office: 1, member: 1, command: 1 }, unique: true },
    // of all offices: old ones are forgotten in one go
    byAge: { key: { at: 1 } },
  },
  notes: { byId: { key: { office: 1, note: 1 }, unique: true } },
  noteUpdates: { bySeq: { key: { office: 1, note: 1, epoch: 1, seq: 1 }, unique: true } },
  noteSnapshots: { byNote: { key: { office: 1, note: 1 }, unique: true } },
  noteVersions: { bySeq: { key: { office: 1, note: 1, epoch: 1, seq: 1 }, unique: true } },
  noteTexts: { byNote: { key: { office: 1, note: 1 }, unique: true }, byWord: { key: { office: 1, words: 1 } } },
  noteClients: { byNote: { key: { office: 1, note: 1 }, unique: true } },
  noteGrants: { byMember: { key: { office: 1, note: 1, member: 1, client: 1 }, unique: true } },
  copyKeys: {
    byDevice: { key: { office: 1, member: 1, device: 1, dossier: 1 }, unique: true },
    byDossier: { key: { office: 1, dossier: 1 } },
  },
  uploads: { byId: { key: { office: 1, id: 1 }, unique: true } },
  uploadParts: { byPart: { key: { office: 1, upload: 1, blob: 1, part: 1 }, unique: true } },
  fences: { byFence: { key: { office: 1, fence: 1 }, unique: true } },
} as const satisfies { [K in keyof Documents]: Record<string, Omit<IndexDescription, 'name'>> }

const names = Object.keys(indexes) as (keyof Documents)[]

export function collectionsOf(db: Db): Collections {
  return Object.fromEntries(names.map((name) => [name, db.collection<Document>(name)])) as unknown as Collections
}

/** Makes the collections and indexes that are missing; on a majority of the members when it resolves. */
export async function makeIndexes(db: Db): Promise<void> {
  await Promise.all(
    names.map((name) =>
      db.collection(name).createIndexes(Object.entries(indexes[name]).map(([index, described]) => ({ name: index, ...described }))),
    ),
  )
}
