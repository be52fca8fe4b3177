import type { DatabaseSync } from 'node:sqlite'

/** States of notes that are kept; and with a note's snapshot, who wrote and deleted what is in it. */
export function format6(db: DatabaseSync): void {
  db.exec(`
    CREATE TABLE note_versions (
      office TEXT NOT NULL, note TEXT NOT NULL, epoch INTEGER NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL, authors TEXT NOT NULL,
      name TEXT, named_by TEXT, reason TEXT NOT NULL, size INTEGER NOT NULL, bytes BLOB NOT NULL,
      PRIMARY KEY (office, note, epoch, seq)
    ) STRICT;
    ALTER TABLE note_snapshots ADD COLUMN ledger BLOB;
  `)
}
