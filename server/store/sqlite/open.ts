import type { DatabaseSync } from 'node:sqlite'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Id } from '#shared/contracts/ids.ts'
import type { Commit, RecordKind, Records, Store } from '../store.ts'
import { bulkFrom, BulkWriter } from './bulk-writer.ts'
import { committer } from './commit.ts'
import { durabilityOf, openDatabase } from './database.ts'
import { dossierQuery } from './dossier-query.ts'
import { lockDataDir } from './lock.ts'
import { migrate, requireFormat, type StoreLog } from './migrate.ts'
import { tablesOn } from './tables.ts'
import { inSnapshot } from './transaction.ts'

export interface SqliteStore extends Store {
  /** What the open connection says of itself: synchronous 2 (FULL) and journal mode `wal`, or a commit is not safe. */
  durability(): { synchronous: number; journalMode: string }
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
    return storeOn(path, prepared(path, readOnly, requireFormat), () => undefined)
  }
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const unlock = lockDataDir(dataDir)
  try {
    return storeOn(
      path,
      prepared(path, false, (db) => migrate(db, { dataDir, now, log })),
      unlock,
    )
  } catch (error) {
    unlock()
    throw error
  }
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

function isBulk({ bulk, puts, drops = [] }: Commit): boolean {
  return bulk !== undefined || puts.length + drops.length >= bulkFrom
}

function storeOn(path: string, db: DatabaseSync, unlock: () => void): SqliteStore {
  const tables = tablesOn(db)
  const { offices, records, clients, dossiers, events, answers, notes, shelves } = tables
  const query = dossierQuery(db)
  const commit = committer(db, tables)
  const bulk = new BulkWriter(path)
  /** A write: never while a large commit is being written. */
  const written =
    <A extends unknown[], R>(work: (...asked: A) => R) =>
    (...asked: A): Promise<R> =>
      bulk.after(() => work(...asked))
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
    seat: settled(records.seat),
    commit: (asked) => (isBulk(asked) ? bulk.write(asked) : bulk.after(() => commit(asked))),
    answer: settled(answers.get),
    forgetAnswers: (before) => answers.forget(before, () => bulk.after(() => undefined)),
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
    note: settled(notes.log),
    noteLengths: settled((officeId: Id, ids: readonly Id[]) => inSnapshot(db, () => notes.lengths(officeId, ids))),
    appendNotes: written(notes.append),
    compactNote: written(notes.compact),
    rebuildNote: written(notes.rebuild),
    fence: settled(notes.fence),
    grantClient: written(notes.grantClient),
    clientsOf: settled(notes.clientsOf),
    durability: () => durabilityOf(db),
    close: written(() => {
      if (db.isOpen) db.close()
      unlock()
    }),
  }
}

/** The port is asynchronous, SQLite is not: the work is done when the promise comes back, and what it throws rejects it. */
function settled<A extends unknown[], R>(work: (...asked: A) => R): (...asked: A) => Promise<R> {
  return (...asked) => new Promise((resolve) => resolve(work(...asked)))
}
