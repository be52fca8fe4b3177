import type { DatabaseSync } from 'node:sqlite'

/** Updates of notes stand in the journal first: up to which generation it is put away. */
export function format5(db: DatabaseSync): void {
  db.exec(`
    CREATE TABLE note_journal (put_away INTEGER NOT NULL) STRICT;
    INSERT INTO note_journal (put_away) VALUES (0);
  `)
}
