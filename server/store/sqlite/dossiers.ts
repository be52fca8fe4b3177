import type { DatabaseSync } from 'node:sqlite'
import type { Dossier, DossierRow } from '#shared/contracts/dossier.ts'
import type { Id } from '#shared/contracts/ids.ts'
import { fold } from '#shared/domain/fold.ts'
import { cellsOf, detailOf, dossierFrom, rowFrom, selectRow } from './dossier-columns.ts'
import { Duplicate, isUniqueViolation } from './duplicate.ts'
import type { Shelf } from './records.ts'
import { wordTable } from './search-words.ts'

/** How many ids one statement looks up. */
const idsAtOnce = 1_000

/** Dossiers: the slim row in columns, the rest as a document. */
export function dossierTable(db: DatabaseSync) {
  const words = wordTable(db, 'dossier_words')
  const put = db.prepare(putSql)
  const texts = db.prepare('SELECT number, title, client_name, partner_name FROM dossiers WHERE office = ? AND id = ?', asArrays)
  const get = db.prepare(`SELECT ${selectRow}, detail FROM dossiers WHERE office = ? AND id = ?`, asArrays)
  const rows = db.prepare(`SELECT ${selectRow} FROM dossiers WHERE office = ?`, asArrays)
  const rowsOf = db.prepare(`SELECT ${selectRow} FROM dossiers WHERE office = ? AND id IN (SELECT value FROM json_each(?))`, asArrays)

  const shelf: Shelf<Dossier> = {
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
      words.change(officeId, dossier.id, before ?? null, [dossier.number, dossier.title, dossier.clientName, dossier.partnerName])
    },
  }

  return {
    shelf,
    rows: (officeId: Id): DossierRow[] => rows.all(officeId).map(rowFrom),
    /** Those that exist, each once. */
    rowsOf(officeId: Id, ids: readonly Id[]): DossierRow[] {
      const wanted = [...new Set(ids)]
      const found: DossierRow[] = []
      for (let from = 0; from < wanted.length; from += idsAtOnce) {
        found.push(...rowsOf.all(officeId, JSON.stringify(wanted.slice(from, from + idsAtOnce))).map(rowFrom))
      }
      return found
    },
  }
}

/** Rows come as arrays of cells: as objects they cost three times as much. */
const asArrays = { returnArrays: true }

const written = `${selectRow}, number_key, client_key, title_key, detail`.split(', ')
const putSql = `
  INSERT INTO dossiers (office, ${written.join(', ')}) VALUES (?, ${written.map(() => '?').join(', ')})
  ON CONFLICT (office, id) DO UPDATE SET ${written.map((column) => `${column} = excluded.${column}`).join(', ')}`
