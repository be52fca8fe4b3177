import type { DatabaseSync } from 'node:sqlite'

/** Keys under which browsers keep copies of dossiers. */
export function format8(db: DatabaseSync): void {
  db.exec(`
    CREATE TABLE copy_keys (
      office TEXT NOT NULL,
      member TEXT NOT NULL,
      device TEXT NOT NULL,
      dossier TEXT NOT NULL,
      id TEXT NOT NULL,
      secret BLOB NOT NULL,
      session TEXT NOT NULL,
      at INTEGER NOT NULL,
      PRIMARY KEY (office, member, device, dossier)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX copy_keys_by_dossier ON copy_keys (office, dossier);
  `)
}
