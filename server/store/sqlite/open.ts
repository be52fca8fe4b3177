import type { DatabaseSync } from 'node:sqlite'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Id, Instant } from '#shared/contracts/ids.ts'
import type { RecordKind, Records, Store } from '../store.ts'
import { durabilityOf, openDatabase } from './database.ts'
import { dossierQuery } from './dossier-query.ts'
import { journalOf, readJournal } from './journal-file.ts'
import { lockDataDir } from './lock.ts'
import { migrate, requireFormat, type StoreLog } from './migrate.ts'
import { noteLogs, putJournalAway } from './note-logs.ts'
import { tablesOn } from './tables.ts'
import { inSnapshot } from './transaction.ts'
import { Writer } from './writer.ts'

export interface SqliteStore extends Store {
  /** What the connection that writes says of itself (to be read only: the one that reads): synchronous 2 (FULL) and journal mode `wal`, or a commit is not safe. */
  durability(): Promise<{ synchronous: number; journalMode: string }>
}

export interface SqliteOptions {
  /** Folder of `office.db`; made when it is missing, readable by its owner alone. */
  dataDir: string
  /** A second look at a store that another connection writes: takes no lock, makes and migrates nothing, and every write throws. */
  readOnly?: boolean
  /** Writes beside a server that may be running: takes no lock, makes and migrates nothing. For commits under `expect` alone. */
  beside?: boolean
  log?: StoreLog
  now?: () => number
}

/**
 * Opens the embedded store. Throws `DataDirInUse` when another server runs on the folder, `NewerFormat` when its data were written by
 * a newer one, `SqliteTooOld`, and for a reader or beside a server `OlderFormat` or an error when there is no store yet.
 */
export async function openSqliteStore({
  dataDir,
  readOnly = false,
  beside = false,
  log,
  now = Date.now,
}: SqliteOptions): Promise<SqliteStore> {
  const path = join(dataDir, 'office.db')
  if (readOnly || beside) {
    if (!existsSync(path)) throw new Error(`There is no store in ${dataDir} yet.`)
    return storeOn(path, prepared(path, readOnly, requireFormat), { readOnly, owns: false })
  }
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const unlock = lockDataDir(dataDir)
  try {
    return storeOn(
      path,
      prepared(path, false, (db) => {
        migrate(db, { dataDir, now, log })
        putJournalAway(db, readJournal(journalOf(path)))
      }),
      { readOnly: false, owns: true, unlock },
    )
  } catch (error) {
    unlock()
    throw error
  }
}

interface Opened {
  readOnly: boolean
  /** Whether this is the server of the folder. */
  owns: boolean
  unlock?: () => void
}

function prepared(path: string, readOnly: boolean, prepare: (db: DatabaseSync) => void): DatabaseSync {
  const db = openDatabase(path, { readOnly })
  try {
    prepare(db)
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

function storeOn(path: string, db: DatabaseSync, { readOnly, owns, unlock = () => {} }: Opened): SqliteStore {
  // whatever writes here by mistake fails: the thread would have to wait for it
  db.exec('PRAGMA query_only = ON')
  const tables = tablesOn(db)
  const { offices, records, comments, clients, dossiers, events, answers, notes, copyKeys, uploads, shelves } = tables
  const query = dossierQuery(db)
  const thread = new Writer(path)
  const writer = (): Writer => {
    if (readOnly) throw new Error('This store was opened to be read.')
    return thread
  }
  const logs = noteLogs(db, notes, { path, owns, writer })
  const large = { client: clients.shelf, dossier: dossiers.shelf }
  return {
    offices: settled(offices.ids),
    number: settled(offices.number),
    get: settled(<K extends RecordKind>(officeId: Id, kind: K, id: Id) => shelves[kind].get(officeId, id)),
    many: settled(<K extends 'client' | 'dossier'>(officeId: Id, kind: K, ids: readonly Id[]) =>
      inSnapshot(db, () => large[kind].many(officeId, ids) as Records[K][]),
    ),
    page: settled(
      <K extends 'client' | 'dossier'>(officeId: Id, kind: K, after: Id | null, limit: number) =>
        large[kind].page(officeId, after ?? '', limit) as Records[K][],
    ),
    all: settled(records.all),
    comments: settled(comments.of),
    mentionsOf: settled(comments.mentionsOf),
    seat: settled(records.seat),
    commit: logs.commit,
    // whoever commits beside this does so once
    turn: async () => null,
    answer: settled(answers.get),
    answers: settled(answers.many),
    forgetAnswers: async (before) => forgetAll(writer(), before),
    events: settled(events.after),
    eventsOf: settled(events.ofCommand),
    history: settled(events.history),
    dossiers: settled((...asked: Parameters<typeof query.page>) => inSnapshot(db, () => query.page(...asked))),
    rows: settled((officeId: Id) => inSnapshot(db, () => ({ at: offices.number(officeId), rows: dossiers.rows(officeId) }))),
    rowsOf: settled((officeId: Id, ids: readonly Id[]) => inSnapshot(db, () => dossiers.rowsOf(officeId, ids))),
    rowsBeside: settled((...asked: Parameters<typeof dossiers.rowsBeside>) => inSnapshot(db, () => dossiers.rowsBeside(...asked))),
    clientsIn: settled(clients.countIn),
    boardCounts: settled(query.counts),
    clients: settled(clients.search),
    note: settled(logs.note),
    noteLengths: settled(logs.noteLengths),
    appendNotes: logs.appendNotes,
    compactNote: logs.compactNote,
    rebuildNote: logs.rebuildNote,
    leaveNoTrace: logs.leaveNoTrace,
    fence: settled(notes.fence),
    grantClient: async (...asked) => writer().write('grantClient', ...asked),
    clientsOf: settled(notes.clientsOf),
    grantsOf: settled(notes.grantsOf),
    putNoteTexts: async (...asked) => writer().write('putNoteTexts', ...asked),
    notesUnread: logs.notesUnread,
    searchNotes: settled(notes.texts.search),
    versions: settled(notes.versions.list),
    version: settled(notes.versions.get),
    putVersion: logs.putVersion,
    nameVersion: async (...asked) => writer().write('nameVersion', ...asked),
    dropVersions: async (...asked) => writer().write('dropVersions', ...asked),
    keepCopyKey: async (...asked) => writer().write('keepCopyKey', ...asked),
    copyKeys: settled(copyKeys.find),
    dropCopyKeys: async (...asked) => writer().write('dropCopyKeys', ...asked),
    putUpload: async (...asked) => writer().write('putUpload', ...asked),
    upload: settled(uploads.get),
    uploads: settled(uploads.all),
    putUploadPart: async (...asked) => writer().write('putUploadPart', ...asked),
    uploadPart: settled(uploads.part),
    dropUploadBlob: async (...asked) => writer().write('dropUploadBlob', ...asked),
    dropUpload: async (...asked) => writer().write('dropUpload', ...asked),
    uploadRevisions: settled(uploads.revisions),
    upToDate: async () => {},
    durability: async () => (readOnly ? durabilityOf(db) : writer().write('durability')),
    close: async () => {
      await logs.close()
      await thread.close()
      if (db.isOpen) db.close()
      unlock()
    },
  }
}

/** A slice at a time: other writes go on between two. */
async function forgetAll(writer: Writer, before: Instant): Promise<number> {
  let sum = 0
  for (;;) {
    const { forgotten, more } = await writer.write('forgetAnswers', before)
    sum += forgotten
    if (!more) return sum
  }
}

/** The port is asynchronous, SQLite is not: a read is done when the promise comes back, and what it throws rejects it. */
function settled<A extends unknown[], R>(work: (...asked: A) => R): (...asked: A) => Promise<R> {
  return (...asked) => new Promise((resolve) => resolve(work(...asked)))
}
