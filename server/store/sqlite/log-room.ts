import { closeSync, fsyncSync, fstatSync, openSync, writeSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'

const slice = new Uint8Array(256 * 1024)

/**
 * Makes the write-ahead log of this open database longer by a slice of zeros, which SQLite takes for the end of it. A commit that
 * lengthens the file has its new length to store as well, and takes twice as long as one that finds room. Returns whether `roomBytes`
 * are not reached yet. Throws where the disk is full, or somebody else writes for too long.
 */
export function makeRoom(db: DatabaseSync, path: string, roomBytes: number): boolean {
  // as long as this holds, nobody writes to the log: not in another process either
  db.exec('BEGIN IMMEDIATE')
  try {
    // unlike those on the database itself, locks do not hang on handles of the log: this one may be closed
    const log = openSync(`${path}-wal`, 'r+')
    try {
      const { size } = fstatSync(log)
      if (size >= roomBytes) return false
      writeSync(log, slice, 0, slice.length, size)
      fsyncSync(log)
      return size + slice.length < roomBytes
    } finally {
      closeSync(log)
    }
  } finally {
    db.exec('ROLLBACK')
  }
}
