import type { DatabaseSync } from 'node:sqlite'
import type { Dossier } from '#shared/contracts/dossier.ts'
import type { Id } from '#shared/contracts/ids.ts'
import type { DossierFilter, DossierSort } from '../store.ts'
import { dossierFrom, selectRow } from './dossier-columns.ts'
import { type Condition, wordConditions } from './search-words.ts'

const sortColumns = {
  number: 'number_key',
  clientName: 'client_key',
  title: 'title_key',
  amount: 'amount',
  createdOn: 'created_on',
  changedAt: 'changed_at',
  stageSince: 'stage_since',
} as const satisfies { [S in DossierSort]: string }

/** What the reach of a member sees of `dossiers`. Ids hold letters, digits, `-` and `_` only: a quoted one is found in JSON as text. */
export function reachCondition({ memberId, divisionIds, ownerIds }: NonNullable<DossierFilter['reach']>): Condition {
  return [
    `(dossiers.division_id IN (SELECT value FROM json_each(?)) OR dossiers.owner_id IN (SELECT value FROM json_each(?))
      OR instr(dossiers.reader_ids, ?) > 0)`,
    JSON.stringify(divisionIds),
    JSON.stringify(ownerIds),
    `"${memberId}"`,
  ]
}

function conditionsOf(officeId: Id, { number, clientId, status, ownerId, divisionId, stageId, words, reach }: DossierFilter): Condition[] {
  return [
    ['dossiers.office = ?', officeId],
    ...(number !== undefined ? [['number = ?', number] as const] : []),
    ...(clientId !== undefined ? [['client_id = ?', clientId] as const] : []),
    ...(status ? [['status IN (SELECT value FROM json_each(?))', JSON.stringify(status)] as const] : []),
    ...(ownerId !== undefined ? [['owner_id IS ?', ownerId] as const] : []),
    ...(divisionId !== undefined ? [['division_id IS ?', divisionId] as const] : []),
    ...(stageId !== undefined ? [['stage_id = ?', stageId] as const] : []),
    ...wordConditions('dossier_words', officeId, words ?? []),
    ...(reach ? [reachCondition(reach)] : []),
  ]
}

/** The index is named where one number or client is asked for: without statistics the planner would read the whole office instead. */
function source({ number, clientId }: DossierFilter): string {
  if (number !== undefined) return 'dossiers INDEXED BY dossier_numbers'
  return clientId !== undefined ? 'dossiers INDEXED BY dossiers_by_client' : 'dossiers'
}

/** Conditions as one WHERE clause, and what it binds in order. */
export function where(conditions: readonly Condition[]) {
  return { clause: `WHERE ${conditions.map(([sql]) => sql).join(' AND ')}`, values: conditions.flatMap(([, ...values]) => values) }
}

/**
 * Lists and counts by filter. Beyond one number or client each is one pass over the office's dossiers (20 ms for 50,000): an index for each filter would cost more
 * on every commit, and mislead where one owner has nearly all. Statements are made for each call, since filters have many shapes.
 */
export function dossierQuery(db: DatabaseSync) {
  const get = db.prepare(`SELECT ${selectRow}, detail FROM dossiers WHERE office = ? AND id = ?`, { returnArrays: true })
  return {
    page(
      officeId: Id,
      filter: DossierFilter,
      sort: { by: DossierSort; descending: boolean },
      page: { offset: number; limit: number },
    ): { total: number; dossiers: Dossier[] } {
      const { clause, values } = where(conditionsOf(officeId, filter))
      const from = source(filter)
      const total = Number(db.prepare(`SELECT count(*) AS total FROM ${from} ${clause}`).get(...values)?.['total'])
      const order = `${sortColumns[sort.by]} ${sort.descending ? 'DESC' : 'ASC'}, id`
      // only ids go through the sorter: with whole rows a far page took ten times as long
      const ids = db.prepare(`SELECT id FROM ${from} ${clause} ORDER BY ${order} LIMIT ? OFFSET ?`).all(...values, page.limit, page.offset)
      return { total, dossiers: ids.map(({ id }) => dossierFrom(get.get(officeId, String(id)))) }
    },
    /** TOTAL is a float: sums of integers would throw beyond 2^53. */
    counts(officeId: Id, filter: DossierFilter): { stageId: Id; status: Dossier['status']; count: number; sum: number }[] {
      const { clause, values } = where(conditionsOf(officeId, filter))
      const sql = `SELECT stage_id, status, count(*) AS count, total(amount) AS sum FROM ${source(filter)} ${clause} GROUP BY stage_id, status`
      return db
        .prepare(sql)
        .all(...values)
        .map((row) => ({
          stageId: String(row['stage_id']),
          status: row['status'] as Dossier['status'],
          count: Number(row['count']),
          sum: Number(row['sum']),
        }))
    },
  }
}
