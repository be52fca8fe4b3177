import { DatabaseSync } from 'node:sqlite'

/** The accounts in a copy of `accounts.db` that no server has open. */
export function accountIdsIn(path: string): Set<string> {
  const db = new DatabaseSync(path, { readOnly: true })
  try {
    return new Set(
      db
        .prepare('SELECT id FROM user')
        .all()
        .map(({ id }) => String(id)),
    )
  } finally {
    db.close()
  }
}
