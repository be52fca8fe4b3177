import type { DatabaseSync } from 'node:sqlite'
import type { Dossier, DossierRow } from '#shared/contracts/dossier.ts'
import type { Id } from '#shared/contracts/ids.ts'
import { fold } from '#shared/domain/fold.ts'
import { cellsOf, detailOf, dossierFrom, rowFrom, selectRow } from './dossier-columns.ts'
import { Duplicate } from '../duplicate.ts'
import { dossierTexts } from '../searched.ts'
import type { DossierFilter } from '../store.ts'
import type { LargeShelf } from './records.ts'
import { inSlices } from './slices.ts'
import { wordTable } from './search-words.ts'
import { isUniqueViolation } from './unique.ts'

/** Dossiers: the slim row in columns, the rest as a document. */
export function dossierTable(db: DatabaseSync) {
  const words = wordTable(db, 'dossier_words')
  const put = db.prepare(putSql)
  const texts = db.prepare('SELECT number, title, client_name, partner_name FROM dossiers WHERE office = ? AND id = ?', asArrays)
  const get = db.prepare(`SELECT ${selectRow}, detail FROM dossiers WHERE office = ? AND id = ?`, asArrays)
  const rows = db.prepare(`SELECT ${selectRow} FROM dossiers WHERE office = ?`, asArrays)
  const rowsOf = db.prepare(`SELECT ${selectRow} FROM dossiers WHERE office = ? AND id IN (SELECT value FROM json_each(?))`, asArrays)

  const outside = 'AND (division_id IS NULL OR division_id NOT IN (SELECT value FROM json_each(?)))'
  const owned = db.prepare(
    `SELECT ${selectRow} FROM dossiers INDEXED BY dossiers_by_owner
     WHERE office = ? AND owner_id IN (SELECT value FROM json_each(?)) ${outside}`,
    asArrays,
  )
  const readable = db.prepare(
    `SELECT ${selectRow} FROM dossiers INDEXED BY dossiers_with_readers
     WHERE office = ? AND reader_ids <> '[]' AND instr(reader_ids, ?) > 0 ${outside}`,
    asArrays,
  )
  const drop = db.prepare('DELETE FROM dossiers WHERE office = ? AND id = ?')
  const many = db.prepare(`SELECT ${selectRow}, detail FROM dossiers WHERE office = ? AND id IN (SELECT value FROM json_each(?))`, asArrays)
  const page = db.prepare(`SELECT ${selectRow}, detail FROM dossiers WHERE office = ? AND id > ? ORDER BY id LIMIT ?`, asArrays)

  const shelf: LargeShelf<Dossier> = {
    get(officeId, id) {
      const cells = get.get(officeId, id)
      return cells ? dossierFrom(cells) : null
    },
    put(officeId, dossier) {
      const before = texts.get(officeId, dossier.id) as unknown as string[] | undefined
      const keys = [fold(dossier.number), fold(dossier.clientName), fold(dossier.title)]
      try {
        put.run(officeId, ...cellsOf(dossier), ...keys, detailOf(dossier))
      } catch (error) {
        throw isUniqueViolation(error) ? new Duplicate('dossierNumber') : error
      }
      words.change(officeId, dossier.id, before ?? null, dossierTexts(dossier))
    },
    drop(officeId, id) {
      const before = texts.get(officeId, id) as unknown as string[] | undefined
      if (before) words.change(officeId, id, before, [])
      drop.run(officeId, id)
    },
    many: (officeId, ids) => inSlices(ids, (slice) => many.all(officeId, slice)).map(dossierFrom),
    page: (officeId, after, limit) => page.all(officeId, after, limit).map(dossierFrom),
  }

  return {
    shelf,
    gathering: words.gathering,
    rows: (officeId: Id): DossierRow[] => rows.all(officeId).map(rowFrom),
    rowsBeside(officeId: Id, { memberId, divisionIds, ownerIds }: NonNullable<DossierFilter['reach']>): DossierRow[] {
      const divisions = JSON.stringify(divisionIds)
      const own = owned.all(officeId, JSON.stringify(ownerIds), divisions).map(rowFrom)
      const ownIds = new Set(own.map(({ id }) => id))
      const read = readable.all(officeId, `"${memberId}"`, divisions).map(rowFrom)
      return [...own, ...read.filter(({ id }) => !ownIds.has(id))]
    },
    /** Those that exist, each once. */
    rowsOf: (officeId: Id, ids: readonly Id[]): DossierRow[] => inSlices(ids, (slice) => rowsOf.all(officeId, slice)).map(rowFrom),
  }
}

/** Rows come as arrays of cells: as objects they cost three times as much. */
const asArrays = { returnArrays: true }

const written = `${selectRow}, number_key, client_key, title_key, detail`.split(', ')
const putSql = `
  INSERT INTO dossiers (office, ${written.join(', ')}) VALUES (?, ${written.map(() => '?').join(', ')})
  ON CONFLICT (office, id) DO UPDATE SET ${written.map((column) => `${column} = excluded.${column}`).join(', ')}`
