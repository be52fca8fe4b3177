import type { DatabaseSync } from 'node:sqlite'

/** What notes say, for searches. Read from their logs anew where it is missing. */
export function format10(db: DatabaseSync): void {
  db.exec(`
    CREATE TABLE note_texts (
      office TEXT NOT NULL,
      note TEXT NOT NULL,
      epoch INTEGER NOT NULL,
      seq INTEGER NOT NULL,
      text TEXT NOT NULL,
      PRIMARY KEY (office, note)
    ) STRICT;
    CREATE TABLE note_words (
      office TEXT NOT NULL,
      word TEXT NOT NULL,
      id TEXT NOT NULL,
      PRIMARY KEY (office, word, id)
    ) STRICT, WITHOUT ROWID;
  `)
}
