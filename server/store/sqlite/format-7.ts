import type { DatabaseSync } from 'node:sqlite'

/** Comments by their dossier, mentions by whom they wait for, and both to go with the dossier. */
export function format7(db: DatabaseSync): void {
  db.exec(`
    CREATE INDEX comments_by_dossier ON records (office, doc ->> '$.dossierId', id) WHERE kind = 'comment';
    CREATE INDEX mentions_by_member ON records (office, doc ->> '$.memberId', id) WHERE kind = 'mention' AND doc ->> '$.seenAt' IS NULL;
    CREATE INDEX mentions_by_dossier ON records (office, doc ->> '$.dossierId', id) WHERE kind = 'mention';
  `)
}
