import type { DatabaseSync } from 'node:sqlite'

/** Notes are compacted: a snapshot in the place of the updates it is made of. */
export function format3(db: DatabaseSync): void {
  db.exec(`
    CREATE TABLE note_snapshots (
      office TEXT NOT NULL, note TEXT NOT NULL, epoch INTEGER NOT NULL, seq INTEGER NOT NULL, bytes BLOB NOT NULL, vector BLOB NOT NULL,
      PRIMARY KEY (office, note)
    ) STRICT, WITHOUT ROWID;
  `)
}
