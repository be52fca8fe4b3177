import type { DatabaseSync } from 'node:sqlite'
import type { Id } from '#shared/contracts/ids.ts'
import type { NoteVersion, VersionKey } from '#shared/contracts/note-version.ts'
import type { StoredVersion } from '../store.ts'
import { inTransaction } from './transaction.ts'

const described = 'epoch, seq, at, authors, name, named_by AS namedBy, reason, size'

/**
 * The kept states of notes.
 * @param endOf where a note's log ends now
 */
export function versionTable(db: DatabaseSync, endOf: (officeId: Id, note: Id) => VersionKey) {
  const list = db.prepare(`SELECT ${described} FROM note_versions WHERE office = ? AND note = ? ORDER BY epoch, seq`)
  const one = db.prepare(`SELECT ${described}, bytes FROM note_versions WHERE office = ? AND note = ? AND epoch = ? AND seq = ?`)
  const add = db.prepare(`
    INSERT INTO note_versions (office, note, epoch, seq, at, authors, name, named_by, reason, size, bytes)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`)
  const rename = db.prepare('UPDATE note_versions SET name = ?, named_by = ? WHERE office = ? AND note = ? AND epoch = ? AND seq = ?')
  const remove = db.prepare('DELETE FROM note_versions WHERE office = ? AND note = ? AND epoch = ? AND seq = ? AND name IS NULL')
  const removeAll = db.prepare('DELETE FROM note_versions WHERE office = ? AND note = ?')

  return {
    list: (officeId: Id, note: Id): NoteVersion[] => list.all(officeId, note).map((row) => versionFrom(row)),
    get(officeId: Id, note: Id, { epoch, seq }: VersionKey): StoredVersion | null {
      const row = one.get(officeId, note, epoch, seq)
      return row ? { ...versionFrom(row), bytes: row['bytes'] as Uint8Array } : null
    },
    put: (officeId: Id, note: Id, made: StoredVersion): 'done' | 'there' | 'raced' =>
      inTransaction(db, () => {
        const end = endOf(officeId, note)
        if (end.epoch !== made.epoch || end.seq < made.seq) return 'raced'
        const { epoch, seq, at, authors, name, namedBy, reason, size, bytes } = made
        const added = add.run(officeId, note, epoch, seq, at, JSON.stringify(authors), name, namedBy, reason, size, bytes)
        return Number(added.changes) > 0 ? 'done' : 'there'
      }),
    name: (officeId: Id, note: Id, { epoch, seq }: VersionKey, name: string, by: Id): boolean =>
      Number(rename.run(name, by, officeId, note, epoch, seq).changes) > 0,
    drop: (officeId: Id, note: Id, keys: readonly VersionKey[]): void =>
      inTransaction(db, () => {
        for (const { epoch, seq } of keys) remove.run(officeId, note, epoch, seq)
      }),
    /** Part of what removes a note, or all that was in it. */
    dropAll: (officeId: Id, note: Id): void => void removeAll.run(officeId, note),
  }
}

/** Columns as they are described above. */
export function versionFrom({ authors, bytes: _, ...row }: Record<string, unknown>): NoteVersion {
  return { ...row, authors: JSON.parse(String(authors)) as Id[] } as NoteVersion
}
