/**
 * The storage PORT: types only. Every key leads with the office; nothing crosses offices. Adapters: `sqlite/` (embedded default).
 * No driver type, cursor or transaction object may appear in a signature. The contract tests in `tests/store/` hold every adapter to this.
 */
import type { Client } from '#shared/contracts/client.ts'
import type { Comment } from '#shared/contracts/comment.ts'
import type { Answer } from '#shared/contracts/commands.ts'
import type { Division } from '#shared/contracts/division.ts'
import type { Dossier, DossierRow } from '#shared/contracts/dossier.ts'
import type { OfficeEvent } from '#shared/contracts/events.ts'
import type { Id, Instant } from '#shared/contracts/ids.ts'
import type { ImportDetail, ImportSummary } from '#shared/contracts/import.ts'
import type { Link } from '#shared/contracts/link.ts'
import type { Member } from '#shared/contracts/member.ts'
import type { Mention } from '#shared/contracts/mention.ts'
import type { Visit } from '#shared/contracts/my-day.ts'
import type { NoteId } from '#shared/contracts/note-id.ts'
import type { NoteVersion, VersionKey } from '#shared/contracts/note-version.ts'
import type { Office } from '#shared/contracts/office.ts'
import type { Owner } from '#shared/contracts/owner.ts'
import type { Stage } from '#shared/contracts/stage.ts'
import type { Token } from '#shared/contracts/token.ts'

/** A stage with its place in the office's order. */
export type PlacedStage = Stage & { place: number }
/** Which account signs in as this member. Accounts know no office; this is the only link. */
export type SeatedMember = Member & { accountId: string | null }
/** Running numbers of an office, for example the next dossier number of a year (id `dossierNumber-2026`). */
export interface Counter {
  id: Id
  next: number
}

/** The text of a deleted comment that is to go for good: until it has, this stands in the store. The id is the comment's. */
export interface Erasure {
  id: Id
  note: NoteId
}

/** The kinds of record an office has, by the name they are stored under. */
export interface Records {
  office: Office
  member: SeatedMember
  owner: Owner
  division: Division
  stage: PlacedStage
  client: Client
  dossier: Dossier
  counter: Counter
  link: Link
  import: ImportSummary
  importDetail: ImportDetail
  visit: Visit
  token: Token
  comment: Comment
  mention: Mention
  erasure: Erasure
}
export type RecordKind = keyof Records
/** The kinds of which an office has few enough to read them all. */
export type FewKind = Exclude<RecordKind, 'client' | 'dossier' | 'comment' | 'mention'>
/** A record to be written whole; one of the same kind and id is replaced. */
export type Put = { [K in RecordKind]: { kind: K; record: Records[K] } }[RecordKind]

/** A record to be removed for good; one that is not there is none too many. */
export interface Drop {
  kind: RecordKind
  id: Id
}

/** A part of a large commit. */
export interface Bulk {
  puts: readonly Put[]
  drops: readonly Drop[]
}

export interface StoredAnswer {
  memberId: Id
  commandId: Id
  /** Hash of the command's body: the same id with another body is refused. */
  hash: string
  at: Instant
  answer: Answer
}

/** The events and rows of a batch of commands of one office: all or nothing. */
export interface Commit {
  officeId: Id
  /** The office's last event number that the decisions were made on; the new ones are `expect + 1 …`, in order. */
  expect: number
  events: readonly OfficeEvent[]
  puts: readonly Put[]
  /**
   * More puts and drops, as UTF-8 JSON of `Bulk`: what is too much to be handed on as objects. Clients and dossiers in it stand at 0 where
   * they are to stand at the number of the commit's last event, and so do the versions of their fields.
   */
  bulk?: readonly Uint8Array<ArrayBuffer>[]
  /** Told now and then how many records of the bulk are written. */
  onProgress?: (written: number) => void
  /** Removed in the same transaction, before the puts. With a dossier go its note, its comments and their texts, and what they mention. */
  drops?: readonly Drop[]
  answers: readonly StoredAnswer[]
  /** Dossiers whose access changed, for their notes and comments: appends that were judged before must be judged again. `'all'`: a member's reach changed. */
  fences: readonly Id[] | 'all'
  /** The turn under which it comes, see `Store.turn`: over with it. */
  turn?: string
}

/** Commits of an office by others wait until one under this turn is done, it is given back, or 2 s have passed. */
export interface Turn {
  /** To be said with the commit. */
  id: string
  /** For where nothing was committed under it; else nothing happens. Never rejects: at the latest it is over by itself. */
  giveBack(): Promise<void>
}

/**
 * - `done`: everything is on disk.
 * - `moved`: the office's number is no longer `expect` (another node, or the office is new): decide again. Nothing was written.
 * - `duplicate`: an answer, or a dossier number, is already there: decide again. Nothing was written.
 */
export type CommitResult = { kind: 'done' } | { kind: 'moved' } | { kind: 'duplicate'; what: 'answer' | 'dossierNumber' }

/** One Yjs update for a note's log. */
export interface NoteAppend {
  officeId: Id
  note: NoteId
  epoch: number
  /** The next number of this note and epoch: gapless, from 1. */
  seq: number
  memberId: Id
  at: Instant
  bytes: Uint8Array
  /** The fence under which the member's right was judged. */
  fence: number
}

/** Per append, in order. `raced`: that number is taken or leaves a gap, or the epoch is another. `fenced`: the right must be judged again. */
export type AppendResult = 'stored' | 'raced' | 'fenced'

/** A note up to and including the update `seq`, as one update. */
export interface NoteSnapshot {
  seq: number
  bytes: Uint8Array
  /** What the snapshot contains, as a Yjs state vector. */
  vector: Uint8Array
  /** Who wrote and deleted what is in it, in a form that is nothing to the store; absent: not known. */
  ledger?: Uint8Array | null
}

/** A kept state of a note with its text: one update, packed in a way that is nothing to the store. */
export interface StoredVersion extends NoteVersion {
  bytes: Uint8Array
}

/** Everything of a note: what was compacted, and the updates that follow it. */
export interface NoteLog {
  epoch: number
  snapshot: NoteSnapshot | null
  updates: { seq: number; memberId: Id; at: Instant; bytes: Uint8Array }[]
}

/** The key under which one browser of a member keeps its copy of one dossier. */
export interface CopyKey {
  memberId: Id
  /** The browser, by the id it gave itself. */
  device: Id
  dossierId: Id
  /** By this the browser asks whether the key still stands; nobody else knows it. */
  id: Id
  secret: Uint8Array
  /** The session it was handed out to last, and when. */
  session: string
  at: Instant
}

/** Which keys; what is given narrows it, nothing given: all of the office. */
export interface CopyKeyFilter {
  memberId?: Id
  device?: Id
  dossierIds?: readonly Id[]
  sessions?: readonly string[]
  /** Handed out last before this. */
  before?: Instant
}

/** A file on its way in. Its bytes, and what is made of them, lie beside it in blobs of parts. */
export interface Upload {
  id: Id
  memberId: Id
  /** From 1, goes up by one with each change: whoever changes it says which one they saw. */
  revision: number
  /** When it was put last. */
  at: Instant
  /** What is known of it, as JSON that is nothing to the store. */
  doc: string
}

/** A part of a blob, from 0; at most 4 MB. */
export interface UploadPart {
  blob: Id
  part: number
  bytes: Uint8Array
}

/** The plain text of a note, or its beginning, as it was after this update of this epoch. */
export interface NoteText extends VersionKey {
  note: Id
  text: string
}
export interface FoundNote {
  row: DossierRow
  text: string
}

export interface DossierFilter {
  /** Exactly this dossier number. */
  number?: string
  clientId?: Id
  /** One of these; an empty list: none. */
  status?: readonly Dossier['status'][]
  ownerId?: Id | null
  divisionId?: Id | null
  stageId?: Id
  /**
   * Folded words (see `fold`), each of which must begin a word of number, title or names. A word begins after white space, and at a
   * letter or digit that follows anything else: `2026-0042` has `2026-0042` and `0042`.
   */
  words?: readonly string[]
  /** Only what this reach sees; absent: everything. */
  reach?: { memberId: Id; divisionIds: readonly Id[]; ownerIds: readonly Id[] }
}
export type DossierSort = 'number' | 'clientName' | 'title' | 'amount' | 'createdOn' | 'changedAt' | 'stageSince'

export interface Store {
  /** Ids of all offices on this server, each from its first event on; empty: nothing was set up yet. */
  offices(): Promise<Id[]>
  /** The office's last event number; 0 when there is none yet. */
  number(officeId: Id): Promise<number>
  get<K extends RecordKind>(officeId: Id, kind: K, id: Id): Promise<Records[K] | null>
  /** Those of these ids that exist, each once, in any order. */
  many<K extends 'client' | 'dossier'>(officeId: Id, kind: K, ids: readonly Id[]): Promise<Records[K][]>
  /** Records of a large kind in the order of their ids, at most `limit` after this id (null: from the first). */
  page<K extends 'client' | 'dossier'>(officeId: Id, kind: K, after: Id | null, limit: number): Promise<Records[K][]>
  /** All records of a small kind, in the order of their ids (stages: of their place). */
  all<K extends FewKind>(officeId: Id, kind: K): Promise<Records[K][]>
  /** Every comment on a dossier, deleted ones included, in the order of their ids. */
  comments(officeId: Id, dossierId: Id): Promise<Comment[]>
  /** What a member was mentioned in and has not seen, in the order of their ids. */
  mentionsOf(officeId: Id, memberId: Id): Promise<Mention[]>
  /** Which member of which office signs in with this account. */
  seat(accountId: string): Promise<{ officeId: Id; memberId: Id } | null>

  /**
   * Writes a batch, see `Commit`. Resolves when it is on disk; throws when it may or may not be (disk full, lost connection).
   * Event numbers that do not follow `expect` are thrown, and so is an account that sits somewhere already; nothing was written then.
   */
  commit(commit: Commit): Promise<CommitResult>
  /**
   * For who keeps finding the office moved on by others: waits for those that have a turn before, then has the next commit of this office.
   * What it is decided on has to be read after this resolves. Where it takes longer than 2 s it may be `moved` all the same. Null where
   * there are no others, or no turn is to be had: what is wrong with the store then, the commit says.
   */
  turn(officeId: Id): Promise<Turn | null>
  /** The stored answer to a command of a member, kept for 7 days. */
  answer(officeId: Id, memberId: Id, commandId: Id): Promise<StoredAnswer | null>
  /** Those of these commands that have one, in any order. */
  answers(officeId: Id, commands: readonly Pick<StoredAnswer, 'memberId' | 'commandId'>[]): Promise<StoredAnswer[]>
  /** Removes answers older than this. Returns how many. */
  forgetAnswers(before: Instant): Promise<number>

  /** Events after a number, ascending, at most `limit`. */
  events(officeId: Id, after: number, limit: number): Promise<OfficeEvent[]>
  /** The events one command of one member caused, ascending. */
  eventsOf(officeId: Id, memberId: Id, commandId: Id): Promise<OfficeEvent[]>
  /** The events that touched a dossier, newest first, below `before` (a number; absent: from the newest). */
  history(officeId: Id, dossierId: Id, limit: number, before?: number): Promise<OfficeEvent[]>

  /**
   * Dossiers by filter and sort, `limit` from `offset`, and how many there are in all. Texts are ordered by their folded form, code
   * point by code point, nothing (null) before something; ties by id, ascending either way.
   */
  dossiers(
    officeId: Id,
    filter: DossierFilter,
    sort: { by: DossierSort; descending: boolean },
    page: { offset: number; limit: number },
  ): Promise<{ total: number; dossiers: Dossier[] }>
  /** Every slim row of an office with the number they stand at, in one consistent read. */
  rows(officeId: Id): Promise<{ at: number; rows: DossierRow[] }>
  /** The slim rows of these ids (those that exist, each once, in any order), as they stand now. */
  rowsOf(officeId: Id, ids: readonly Id[]): Promise<DossierRow[]>
  /** The slim rows that a reach sees outside its divisions: owned by it, or as a reader; each once, in any order. */
  rowsBeside(officeId: Id, reach: NonNullable<DossierFilter['reach']>): Promise<DossierRow[]>
  /** How many clients lie in a division. */
  clientsIn(officeId: Id, divisionId: Id): Promise<number>
  /** Per stage and status: how many dossiers and the sum of their amounts in cents. */
  boardCounts(officeId: Id, filter: DossierFilter): Promise<{ stageId: Id; status: Dossier['status']; count: number; sum: number }[]>
  /**
   * Clients whose name, present partner's name or reference have words beginning with each of these (none: all), at most `limit`, by
   * folded name, ties by id; only of this reach: a client is visible if it or any of its dossiers is.
   */
  clients(officeId: Id, words: readonly string[], limit: number, reach?: DossierFilter['reach']): Promise<Client[]>

  /**
   * A note in its present epoch: snapshot and what follows it. A note nobody wrote in is epoch 1 with no updates. `after`: only what comes
   * after this number, where the epoch is still this one: the snapshot where it reaches further, and the updates beyond.
   */
  note(officeId: Id, note: NoteId, after?: { epoch: number; seq: number }): Promise<NoteLog>
  /**
   * Puts a snapshot in the place of a note's updates up to its `seq`, in one transaction. `raced`: the epoch is another, the log does not
   * reach that far, or a later snapshot is there already; nothing was written then.
   */
  compactNote(officeId: Id, note: NoteId, epoch: number, snapshot: NoteSnapshot): Promise<'done' | 'raced'>
  /**
   * What was deleted or replaced before leaves no trace in the files that this store keeps. A database that has a log of its own, as MongoDB
   * has, forgets in its own time.
   */
  leaveNoTrace(): Promise<void>
  /**
   * Puts another text in the place of a note, under the next epoch: of what was written before nothing is left, no version either, nor can it
   * be appended any more.
   * `raced`: the epoch is another; nothing was written then.
   */
  rebuildNote(officeId: Id, note: NoteId, epoch: number, text: Omit<NoteSnapshot, 'seq'>): Promise<'done' | 'raced'>
  /** How many updates the notes' present epochs have had, compacted ones included, of those that have any. */
  noteLengths(officeId: Id, notes: readonly NoteId[]): Promise<Map<NoteId, number>>
  /**
   * Appends to the logs of several notes in one commit; the stored ones are on disk when it resolves. What follows an append of the same
   * note that was not stored may build on it, and is `raced` whatever its number.
   */
  appendNotes(appends: readonly NoteAppend[]): Promise<AppendResult[]>
  /** The fence of a note now, to be read before its right is judged; 0 until the first is raised. */
  fence(officeId: Id, note: NoteId): Promise<number>
  /** A client id never used before in this note, bound to this member from now on. */
  grantClient(officeId: Id, note: NoteId, memberId: Id): Promise<number>
  /** The client ids granted to this member for this note. */
  clientsOf(officeId: Id, note: NoteId, memberId: Id): Promise<number[]>
  /** Every client id granted for this note, in ascending order of member and id. */
  grantsOf(officeId: Id, note: NoteId): Promise<{ client: number; memberId: Id }[]>

  /**
   * What notes say, for searches, in the place of what was known. Nothing is written of one that is gone, of another epoch, or known later.
   */
  putNoteTexts(officeId: Id, texts: readonly NoteText[]): Promise<void>
  /** Those of these notes that hold more than their text for searches says. */
  notesUnread(officeId: Id, notes: readonly Id[]): Promise<Id[]>
  /** The dossiers whose notes have words beginning with each of these, at most `limit`, changed last first, ties by id; only of this reach. */
  searchNotes(officeId: Id, words: readonly string[], limit: number, reach?: DossierFilter['reach']): Promise<FoundNote[]>

  /** The kept states of a note, of older epochs too, by epoch and number. */
  versions(officeId: Id, note: NoteId): Promise<NoteVersion[]>
  version(officeId: Id, note: NoteId, key: VersionKey): Promise<StoredVersion | null>
  /**
   * Keeps a state of a note. `there`: one of that number is kept already, and stays as it is. `raced`: the note's epoch is another, or its log
   * does not reach that far; nothing was written then.
   */
  putVersion(officeId: Id, note: NoteId, version: StoredVersion): Promise<'done' | 'there' | 'raced'>
  /** Gives a kept state a name, or another one. False: there is no such. */
  nameVersion(officeId: Id, note: NoteId, key: VersionKey, name: string, memberId: Id): Promise<boolean>
  /** Removes kept states, but for those that have a name by now; those that are not there are none too many. */
  dropVersions(officeId: Id, note: NoteId, keys: readonly VersionKey[]): Promise<void>

  /**
   * The key there is of this member, device and dossier, from now on under the session and time of this one; this one where there is none.
   */
  keepCopyKey(officeId: Id, key: CopyKey): Promise<CopyKey>
  /** Those that stand, in any order. */
  copyKeys(officeId: Id, filter: CopyKeyFilter): Promise<CopyKey[]>
  /** Removes keys for good. Returns how many. */
  dropCopyKeys(officeId: Id, filter: CopyKeyFilter): Promise<number>

  /**
   * Puts a file on its way in: revision 1 where there is none of this id, any other in the place of the one before it. False: it is gone, or
   * at another revision; nothing was written then.
   */
  putUpload(officeId: Id, upload: Upload): Promise<boolean>
  upload(officeId: Id, id: Id): Promise<Upload | null>
  /** All of an office, in the order of their ids. */
  uploads(officeId: Id): Promise<Upload[]>
  /** Puts a part, in the place of one that is there. False: there is no such upload; nothing is left of the part then. */
  putUploadPart(officeId: Id, uploadId: Id, part: UploadPart): Promise<boolean>
  /** The bytes of a part; null: there is none of this number. */
  uploadPart(officeId: Id, uploadId: Id, blob: Id, part: number): Promise<Uint8Array | null>
  /** Removes a blob; one that is not there is none too many. */
  dropUploadBlob(officeId: Id, uploadId: Id, blob: Id): Promise<void>
  /** Removes a file with all its blobs; `revision`: only where it stands at this one. */
  dropUpload(officeId: Id, id: Id, revision?: number): Promise<void>
  /** Those of all offices, in any order, each with the revision at which it stands. */
  uploadRevisions(): Promise<{ officeId: Id; id: Id; revision: number }[]>

  /**
   * Resolves when what is read of an office from here on holds all that anybody was told of it before; null: of what is looked up without
   * an office. Right after another server has become the first of a set a read may be older than that. Throws where it cannot be told.
   */
  upToDate(officeId: Id | null): Promise<void>
  /** Closes the store; nothing may be called after. */
  close(): Promise<void>
}
