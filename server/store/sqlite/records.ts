import type { DatabaseSync } from 'node:sqlite'
import type { Id } from '#shared/contracts/ids.ts'
import type { FewKind, PlacedStage, RecordKind, Records } from '../store.ts'

/** What every kind of record can do, whatever table it lies in. */
export interface Shelf<R> {
  get(officeId: Id, id: Id): R | null
  put(officeId: Id, record: R): void
  drop(officeId: Id, id: Id): void
}
/** A kind of which there are many: read by ids and page by page. */
export interface LargeShelf<R> extends Shelf<R> {
  many(officeId: Id, ids: readonly Id[]): R[]
  page(officeId: Id, after: Id, limit: number): R[]
}
export type Shelves = { [K in RecordKind]: Shelf<Records[K]> }
export type SmallKind = Exclude<RecordKind, 'client' | 'dossier'>

/** The small kinds, each record a document under office, kind and id. */
export function recordTable(db: DatabaseSync) {
  const get = db.prepare('SELECT doc FROM records WHERE office = ? AND kind = ? AND id = ?')
  const all = db.prepare('SELECT doc FROM records WHERE office = ? AND kind = ? ORDER BY id')
  const put = db.prepare(
    'INSERT INTO records (office, kind, id, doc) VALUES (?, ?, ?, ?) ON CONFLICT (office, kind, id) DO UPDATE SET doc = excluded.doc',
  )
  const drop = db.prepare('DELETE FROM records WHERE office = ? AND kind = ? AND id = ?')
  const seat = db.prepare(
    "SELECT office, id FROM records WHERE kind = 'member' AND doc ->> '$.accountId' = ? AND doc ->> '$.accountId' IS NOT NULL",
  )

  function shelf<K extends SmallKind>(kind: K): Shelf<Records[K]> {
    return {
      get: (officeId, id) => documentOf<Records[K]>(get.get(officeId, kind, id)),
      put: (officeId, record) => void put.run(officeId, kind, record.id, JSON.stringify(record)),
      drop: (officeId, id) => void drop.run(officeId, kind, id),
    }
  }

  return {
    shelf,
    /** All of a kind by id; stages by their place. */
    all<K extends FewKind>(officeId: Id, kind: K): Records[K][] {
      const records = all.all(officeId, kind).flatMap((row) => documentOf<Records[K]>(row) ?? [])
      return kind === 'stage' ? records.sort((a, b) => placeOf(a) - placeOf(b)) : records
    },
    seat(accountId: string): { officeId: Id; memberId: Id } | null {
      const row = seat.get(accountId)
      return row ? { officeId: String(row['office']), memberId: String(row['id']) } : null
    },
  }
}

function placeOf(record: Records[SmallKind]): number {
  return (record as PlacedStage).place
}

/** A stored document read back; null where there is no row. What is in the store was parsed before it was put there. */
export function documentOf<R>(row: Record<string, unknown> | undefined): R | null {
  return row ? (JSON.parse(String(row['doc'])) as R) : null
}
