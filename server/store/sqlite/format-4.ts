import type { DatabaseSync } from 'node:sqlite'

/** Few dossiers have readers: those are found without a pass over the others. */
export function format4(db: DatabaseSync): void {
  db.exec(`CREATE INDEX dossiers_with_readers ON dossiers (office, id) WHERE reader_ids <> '[]'`)
}
