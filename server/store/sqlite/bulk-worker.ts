import { parentPort, workerData } from 'node:worker_threads'
import type { Commit } from '../store.ts'
import { committer } from './commit.ts'
import { openDatabase } from './database.ts'
import { tablesOn } from './tables.ts'

/** Writes one large commit on a connection of its own, and puts the log away, before it says so. */
const { path, commit } = workerData as { path: string; commit: Commit }
const db = openDatabase(path, { readOnly: false })
try {
  const write = committer(db, tablesOn(db))
  const result = write({ ...commit, onProgress: (written) => parentPort?.postMessage({ written }) })
  // else the next small commit would have to, on the server's own thread
  db.exec('PRAGMA wal_checkpoint(PASSIVE)')
  parentPort?.postMessage({ result })
} finally {
  db.close()
}
