import type { DatabaseSync } from 'node:sqlite'

/** Files on their way in, with their bytes in parts. */
export function format9(db: DatabaseSync): void {
  db.exec(`
    CREATE TABLE uploads (
      office TEXT NOT NULL,
      id TEXT NOT NULL,
      member TEXT NOT NULL,
      revision INTEGER NOT NULL,
      at INTEGER NOT NULL,
      doc TEXT NOT NULL,
      PRIMARY KEY (office, id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX uploads_by_age ON uploads (at);
    CREATE TABLE upload_parts (
      office TEXT NOT NULL,
      upload TEXT NOT NULL,
      blob TEXT NOT NULL,
      part INTEGER NOT NULL,
      bytes BLOB NOT NULL,
      PRIMARY KEY (office, upload, blob, part)
    ) STRICT;
  `)
}
