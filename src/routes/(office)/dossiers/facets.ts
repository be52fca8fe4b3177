import type { DossierRow, Status } from '#shared/contracts/dossier.ts'
import type { Id } from '#shared/contracts/ids.ts'
import { containsAll, words } from '#shared/domain/fold.ts'
import type { ListQuery } from './list-query.ts'
import { searchText } from './row-text.ts'

const tabBit = 1
const searchBit = 2
const ownerBit = 4
const divisionBit = 8
const stageBit = 16
const all = 31

/** Which conditions of a query a row meets, a bit each. */
export function makeMatcher(query: ListQuery): (row: DossierRow) => number {
  const searched = words(query.search)
  const owners = query.owners.length > 0 ? new Set(query.owners) : null
  const divisions = query.divisions.length > 0 ? new Set(query.divisions) : null
  const stages = query.stages.length > 0 ? new Set(query.stages) : null
  return (row) =>
    (row.status === query.tab ? tabBit : 0) |
    (searched.length === 0 || containsAll(searchText(row), searched) ? searchBit : 0) |
    (!owners || owners.has(row.ownerId) ? ownerBit : 0) |
    (!divisions || divisions.has(row.divisionId) ? divisionBit : 0) |
    (!stages || stages.has(row.stageId) ? stageBit : 0)
}

export function meetsAll(met: number): boolean {
  return met === all
}

/**
 * Live counts. Each counts what would be there if its own condition were open and all others stayed: a tab's number is what one finds
 * behind it with the present filters, an owner's what one finds by choosing them (S0.4: who holds nothing in this list is not in it).
 */
export class Facets {
  tabs: Record<Status, number> = { prospect: 0, client: 0, abandoned: 0, closed: 0 }
  owners = new Map<Id | null, number>()
  divisions = new Map<Id | null, number>()
  stages = new Map<Id, number>()
  matches = 0
  /** Cents, of everything that matches. */
  sum = 0

  /** Counts a row in (`by` 1) or out (-1), by the conditions it meets. */
  count(row: DossierRow, met: number, by: 1 | -1): void {
    if ((met | tabBit) === all) this.tabs[row.status] += by
    if ((met | ownerBit) === all) add(this.owners, row.ownerId, by)
    if ((met | divisionBit) === all) add(this.divisions, row.divisionId, by)
    if ((met | stageBit) === all) add(this.stages, row.stageId, by)
    if (met === all) {
      this.matches += by
      this.sum += by * (row.amount ?? 0)
    }
  }
}

function add<K>(counts: Map<K, number>, key: K, by: number): void {
  const next = (counts.get(key) ?? 0) + by
  if (next === 0) counts.delete(key)
  else counts.set(key, next)
}
