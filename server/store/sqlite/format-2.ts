import type { DatabaseSync } from 'node:sqlite'

/** Members have an appearance of their own and a link to take up; what a member may see outside their divisions is found by owner. */
export function format2(db: DatabaseSync): void {
  db.exec(`
    UPDATE records
    SET doc = json_set(doc, '$.theme', 'system', '$.density', 'compact', '$.invitedUntil', NULL)
    WHERE kind = 'member';
    CREATE INDEX dossiers_by_owner ON dossiers (office, owner_id);
  `)
}
