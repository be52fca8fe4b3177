import type { DossierRow } from '#shared/contracts/dossier.ts'
import { statuses } from '#shared/contracts/dossier.ts'
import type { Id } from '#shared/contracts/ids.ts'
import type { Frame } from '#shared/contracts/office.ts'
import type { Column } from './list-query.ts'
import { type Entry, foldFast } from './entry.ts'

/** A sort key; null stands last, in either direction. */
type Key = string | number | null

/** Where owners, divisions and stages stand among each other: the first two by name, stages in the office's order. */
export interface Ranks {
  owner: Map<Id, number>
  division: Map<Id, number>
  stage: Map<Id, number>
}

export function ranksOf(frame: Frame): Ranks {
  return {
    owner: byName(frame.owners),
    division: byName(frame.divisions),
    stage: new Map(frame.stages.map((stage, i) => [stage.id, i])),
  }
}

function byName(named: readonly { id: Id; name: string }[]): Map<Id, number> {
  const sorted = named.map(({ id, name }) => ({ id, key: foldFast(name) })).sort((a, b) => compare(a.key, b.key))
  return new Map(sorted.map(({ id }, i) => [id, i]))
}

/** The order of equals: by number, the newest first. Sorting is stable, so what is put in this order first keeps it. */
export function byNumber(entries: Iterable<Entry>): Entry[] {
  return [...entries].sort((a, b) => compare(b.row.number, a.row.number))
}

/** Sorts by one column. Keys are made once a row and not once a comparison. */
export function sortEntries(entries: readonly Entry[], sort: Column, descending: boolean, ranks: Ranks): Entry[] {
  if (sort === 'number') return descending ? [...entries] : entries.toReversed()
  const keyed: { entry: Entry; key: string | number }[] = []
  const last: Entry[] = []
  for (const entry of entries) {
    const key = keyOf(entry.row, sort, ranks)
    if (key === null) last.push(entry)
    else keyed.push({ entry, key })
  }
  keyed.sort(descending ? (a, b) => compare(b.key, a.key) : (a, b) => compare(a.key, b.key))
  return keyed.map(({ entry }) => entry).concat(last)
}

/** Where a row belongs in rows that are in this order (or nearly: rows keep their place when they change). */
export function placeOf(row: DossierRow, rows: readonly DossierRow[], sort: Column, descending: boolean, ranks: Ranks): number {
  const key = keyOf(row, sort, ranks)
  let low = 0
  let high = rows.length
  while (low < high) {
    const middle = (low + high) >> 1
    const other = rows[middle]
    const order = other ? compareKeys(keyOf(other, sort, ranks), key, descending) || compare(row.number, other.number) : 0
    if (order < 0) low = middle + 1
    else high = middle
  }
  return low
}

function compareKeys(a: Key, b: Key, descending: boolean): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1
  return descending ? compare(b, a) : compare(a, b)
}

function compare(a: string | number, b: string | number): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function keyOf(row: DossierRow, sort: Column, ranks: Ranks): Key {
  switch (sort) {
    case 'number':
      return row.number
    case 'client':
      return foldFast(row.clientName)
    case 'title':
      return row.title ? foldFast(row.title) : null
    case 'owner':
      // what nobody owns stands on top of a list by owner
      return row.ownerId === null ? -1 : (ranks.owner.get(row.ownerId) ?? null)
    case 'division':
      return row.divisionId === null ? null : (ranks.division.get(row.divisionId) ?? null)
    case 'status':
      return statuses.indexOf(row.status)
    case 'stage':
      // within a stage, the longest there first when ascending
      return (ranks.stage.get(row.stageId) ?? 0) * 1e14 + row.stageSince
    case 'amount':
      return row.amount
    case 'created':
      return row.createdOn
    case 'changed':
      return row.changedAt
  }
}
