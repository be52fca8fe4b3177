import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import type { Id } from '#shared/contracts/ids.ts'
import type { CopyKey, CopyKeyFilter } from '../store.ts'

/** The columns of a key, named as its fields. */
export const copyKeyColumns = 'member AS memberId, device, dossier AS dossierId, id, secret, session, at'

/** Keys under which browsers keep copies of dossiers. */
export function copyKeyTable(db: DatabaseSync) {
  const keep = db.prepare(`
    INSERT INTO copy_keys (office, member, device, dossier, id, secret, session, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (office, member, device, dossier) DO UPDATE SET session = excluded.session, at = excluded.at
    RETURNING ${copyKeyColumns}`)
  return {
    keep: (officeId: Id, { memberId, device, dossierId, id, secret, session, at }: CopyKey): CopyKey =>
      keyOf(keep.get(officeId, memberId, device, dossierId, id, secret, session, at)),
    find(officeId: Id, filter: CopyKeyFilter): CopyKey[] {
      const { where, values } = condition(officeId, filter)
      return db
        .prepare(`SELECT ${copyKeyColumns} FROM copy_keys WHERE ${where}`)
        .all(...values)
        .map(keyOf)
    },
    drop(officeId: Id, filter: CopyKeyFilter): number {
      const { where, values } = condition(officeId, filter)
      return Number(db.prepare(`DELETE FROM copy_keys WHERE ${where}`).run(...values).changes)
    },
  }
}

function keyOf(row: unknown): CopyKey {
  return { ...(row as CopyKey) }
}

function condition(officeId: Id, { memberId, device, dossierIds, sessions, before }: CopyKeyFilter) {
  const parts: [string, SQLInputValue | undefined][] = [
    ['office = ?', officeId],
    ['member = ?', memberId],
    ['device = ?', device],
    ['dossier IN (SELECT value FROM json_each(?))', dossierIds && JSON.stringify(dossierIds)],
    ['session IN (SELECT value FROM json_each(?))', sessions && JSON.stringify(sessions)],
    ['at < ?', before],
  ]
  const given = parts.filter((part): part is [string, SQLInputValue] => part[1] !== undefined)
  return { where: given.map(([text]) => text).join(' AND '), values: given.map(([, value]) => value) }
}
