import type { DatabaseSync } from 'node:sqlite'

/**
 * Runs synchronous work as one transaction that takes the write lock at once. What it throws rolls everything back and goes on up.
 * Never await inside: whatever else runs on this connection in between would become part of it.
 */
export function inTransaction<T>(db: DatabaseSync, work: () => T): T {
  return between(db, 'BEGIN IMMEDIATE', work)
}

/** Runs synchronous reads that all see the same moment, also while another connection writes. */
export function inSnapshot<T>(db: DatabaseSync, reads: () => T): T {
  return between(db, 'BEGIN', reads)
}

function between<T>(db: DatabaseSync, begin: string, work: () => T): T {
  db.exec(begin)
  try {
    const result = work()
    db.exec('COMMIT')
    return result
  } catch (error) {
    // a full disk has rolled back already
    if (db.isTransaction) db.exec('ROLLBACK')
    throw error
  }
}
