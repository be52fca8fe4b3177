import type { DatabaseSync } from 'node:sqlite'
import type { Id } from '#shared/contracts/ids.ts'
import type { Store, Upload, UploadPart } from '../store.ts'
import { inTransaction } from './transaction.ts'

type Standing = Awaited<ReturnType<Store['uploadRevisions']>>[number]

const columns = 'id, member AS memberId, revision, at, doc'

/** Files on their way in. */
export function uploadTable(db: DatabaseSync) {
  const add = db.prepare('INSERT INTO uploads (office, id, member, revision, at, doc) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING')
  const replace = db.prepare('UPDATE uploads SET revision = ?, at = ?, doc = ? WHERE office = ? AND id = ? AND revision = ?')
  const one = db.prepare(`SELECT ${columns} FROM uploads WHERE office = ? AND id = ?`)
  const every = db.prepare(`SELECT ${columns} FROM uploads WHERE office = ? ORDER BY id`)
  const putPart = db.prepare(`
    INSERT OR REPLACE INTO upload_parts (office, upload, blob, part, bytes)
    SELECT office, id, ?, ?, ? FROM uploads WHERE office = ? AND id = ?`)
  const part = db.prepare('SELECT bytes FROM upload_parts WHERE office = ? AND upload = ? AND blob = ? AND part = ?')
  const dropBlob = db.prepare('DELETE FROM upload_parts WHERE office = ? AND upload = ? AND blob = ?')
  const dropParts = db.prepare('DELETE FROM upload_parts WHERE office = ? AND upload = ?')
  const drop = db.prepare('DELETE FROM uploads WHERE office = ? AND id = ? AND revision = coalesce(?, revision)')
  const standing = db.prepare('SELECT office AS officeId, id, revision FROM uploads')

  return {
    put(officeId: Id, { id, memberId, revision, at, doc }: Upload): boolean {
      const put = revision === 1 ? add.run(officeId, id, memberId, 1, at, doc) : replace.run(revision, at, doc, officeId, id, revision - 1)
      return put.changes > 0
    },
    get: (officeId: Id, id: Id): Upload | null => uploadOf(one.get(officeId, id)),
    all: (officeId: Id): Upload[] => every.all(officeId).flatMap((row) => uploadOf(row) ?? []),
    putPart: (officeId: Id, uploadId: Id, { blob, part, bytes }: UploadPart): boolean =>
      putPart.run(blob, part, bytes, officeId, uploadId).changes > 0,
    part: (officeId: Id, uploadId: Id, blob: Id, number: number): Uint8Array | null =>
      (part.get(officeId, uploadId, blob, number)?.['bytes'] as Uint8Array | undefined) ?? null,
    dropBlob: (officeId: Id, uploadId: Id, blob: Id): void => void dropBlob.run(officeId, uploadId, blob),
    drop: (officeId: Id, id: Id, revision?: number): void =>
      inTransaction(db, () => {
        if (drop.run(officeId, id, revision ?? null).changes > 0) dropParts.run(officeId, id)
      }),
    revisions: (): Standing[] => standing.all().map((row) => ({ ...(row as unknown as Standing) })),
  }
}

function uploadOf(row: unknown): Upload | null {
  return row ? { ...(row as Upload) } : null
}
