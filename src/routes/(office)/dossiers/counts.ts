import type { Status } from '#shared/contracts/dossier.ts'
import { statuses } from '#shared/contracts/dossier.ts'
import type { Id } from '#shared/contracts/ids.ts'
import { containsAll, words } from '#shared/domain/fold.ts'
import type { Entry, Numbering, Numberings } from './entry.ts'
import type { ListQuery } from './list-query.ts'

const tabBit = 1
const searchBit = 2
const ownerBit = 4
const divisionBit = 8
const stageBit = 16
const all = 31

/** Which conditions of a query a row meets, a bit each. */
export function makeMatcher(query: ListQuery, numberings: Numberings): (entry: Entry) => number {
  const searched = words(query.search)
  const tab = statuses.indexOf(query.tab)
  const owners = allowed(query.owners, numberings.owners)
  const divisions = allowed(query.divisions, numberings.divisions)
  const stages = allowed(query.stages, numberings.stages)
  return (entry) =>
    (entry.status === tab ? tabBit : 0) |
    (searched.length === 0 || containsAll(entry.text, searched) ? searchBit : 0) |
    (!owners || owners[entry.owner] ? ownerBit : 0) |
    (!divisions || divisions[entry.division] ? divisionBit : 0) |
    (!stages || stages[entry.stage] ? stageBit : 0)
}

function allowed<V>(chosen: readonly V[], numbering: Numbering<V>): boolean[] | null {
  if (chosen.length === 0) return null
  const numbers = chosen.map((value) => numbering.of(value))
  return numbering.values.map((_, i) => numbers.includes(i))
}

export function meetsAll(met: number): boolean {
  return met === all
}

/**
 * Live counts. Each counts what would be there if its own condition were open and all others stayed: a tab's number is what one finds
 * behind it with the present filters, an owner's what one finds by choosing them (S0.4: who holds nothing in this list is not in it).
 */
export interface Counts {
  tabs: Record<Status, number>
  owners: Map<Id | null, number>
  divisions: Map<Id | null, number>
  stages: Map<Id, number>
  /** Everything that matches: how many, and their amounts in cents. */
  matches: number
  sum: number
}

/** Keeps the counts while rows are counted in and out. */
export class Tally {
  #numberings: Numberings
  #tabs: number[] = []
  #owners: number[] = []
  #divisions: number[] = []
  #stages: number[] = []
  #matches = 0
  #sum = 0

  constructor(numberings: Numberings) {
    this.#numberings = numberings
  }

  /** Counts a row in (`by` 1) or out (-1), by the conditions it meets. */
  count(entry: Entry, met: number, by: 1 | -1): void {
    if ((met | tabBit) === all) add(this.#tabs, entry.status, by)
    if ((met | ownerBit) === all) add(this.#owners, entry.owner, by)
    if ((met | divisionBit) === all) add(this.#divisions, entry.division, by)
    if ((met | stageBit) === all) add(this.#stages, entry.stage, by)
    if (met !== all) return
    this.#matches += by
    this.#sum += by * (entry.row.amount ?? 0)
  }

  read(): Counts {
    const [prospect = 0, client = 0, abandoned = 0, closed = 0] = this.#tabs
    return {
      tabs: { prospect, client, abandoned, closed },
      owners: named(this.#owners, this.#numberings.owners),
      divisions: named(this.#divisions, this.#numberings.divisions),
      stages: named(this.#stages, this.#numberings.stages),
      matches: this.#matches,
      sum: this.#sum,
    }
  }
}

function add(counts: number[], at: number, by: number): void {
  // no holes: an array without them stays a fast one
  while (counts.length <= at) counts.push(0)
  counts[at] = (counts[at] ?? 0) + by
}

function named<V>(counts: readonly number[], numbering: Numbering<V>): Map<V, number> {
  const found = new Map<V, number>()
  numbering.values.forEach((value, i) => {
    const count = counts[i] ?? 0
    if (count > 0) found.set(value, count)
  })
  return found
}
