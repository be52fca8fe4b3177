import { DatabaseSync } from 'node:sqlite'

/** The SQLite inside this Node is older than what committed data need. */
export class SqliteTooOld extends Error {
  override name = 'SqliteTooOld'
}

/** Before 3.51.3 a checkpoint could lose committed WAL writes when two connections were open: https://sqlite.org/releaselog/3_51_3.html */
const oldest = [3, 51, 3] as const

/** Throws `SqliteTooOld` unless this version (`3.53.4`) is 3.51.3 or later. */
export function requireSqlite(version: string): void {
  const parts = version.split('.').map(Number)
  const difference = oldest.map((least, i) => (parts[i] ?? 0) - least).find((d) => d !== 0) ?? 0
  if (difference < 0) throw new SqliteTooOld(`SQLite ${version} is too old: ${oldest.join('.')} or later is needed. Use a newer Node 24.`)
}

/**
 * Opens a connection as the store needs it: WAL, and every commit on disk before it is acknowledged (synchronous=FULL).
 * `readOnly` opens an existing file and changes nothing; otherwise the file is made when it is missing.
 */
export function openDatabase(path: string, { readOnly }: { readOnly: boolean }): DatabaseSync {
  const db = new DatabaseSync(path, { readOnly, timeout: busyTimeoutMs, enableForeignKeyConstraints: true })
  try {
    requireSqlite(String(db.prepare('SELECT sqlite_version() AS version').get()?.['version']))
    if (!readOnly)
      db.exec(`PRAGMA journal_mode = WAL; PRAGMA journal_size_limit = ${walKeptBytes}; PRAGMA wal_autocheckpoint = ${checkpointPages}`)
    // what is deleted is overwritten: what people took back is not to be found in the file
    db.exec(`PRAGMA secure_delete = ON; PRAGMA synchronous = FULL; PRAGMA cache_size = ${-cacheKiB}; PRAGMA trusted_schema = OFF`)
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

const busyTimeoutMs = 5_000
/** A write-ahead log that an import made larger is cut back to this. */
const walKeptBytes = 64 * 1024 * 1024
/** Every 16 MB of log: at SQLite's 4 MB the same pages are written back four times as often, each time with two syncs. */
const checkpointPages = 4_000
/** As long as a log usually is when it begins anew: pages of 4 KB with a header each. */
export const logBytes = checkpointPages * (4_096 + 24)
/** What is not in it the system has in its own: the more open notes, the more of both. */
const cacheKiB = 8 * 1024
const largeCacheKiB = 64 * 1024

/** Does work that touches pages all over the file: each is changed many times, and written once. */
export function withLargeCache<T>(db: DatabaseSync, work: () => T): T {
  db.exec(`PRAGMA cache_size = ${-largeCacheKiB}`)
  try {
    return work()
  } finally {
    db.exec(`PRAGMA cache_size = ${-cacheKiB}; PRAGMA shrink_memory`)
  }
}

/** What the open connection says of itself; synchronous 2 is FULL. */
export function durabilityOf(db: DatabaseSync): { synchronous: number; journalMode: string } {
  return {
    synchronous: Number(db.prepare('PRAGMA synchronous').get()?.['synchronous']),
    journalMode: String(db.prepare('PRAGMA journal_mode').get()?.['journal_mode']),
  }
}
