import type { DossierRow } from '#shared/contracts/dossier.ts'
import type { Id } from '#shared/contracts/ids.ts'
import { type Counts, makeMatcher, meetsAll, Tally } from './counts.ts'
import { Entry, Numberings } from './entry.ts'
import type { ListQuery } from './list-query.ts'
import { byNumber, placeOf, type Ranks, sortEntries } from './order.ts'

/** A dossier as it is now; undefined: it is gone, or may no longer be seen. `mine`: this member's own doing. */
export interface RowChange {
  id: Id
  after: DossierRow | undefined
  mine: boolean
}

/** What an update did to the rows on display, as positions before it, so that the scroll position can be made up for it. */
export interface Moved {
  removed: number[]
  inserted: number[]
}

/**
 * The list as it is read: filtered rows in an order that stands still. The order is that of the last change of filter or sort, or of the
 * last look at what is new. Rows change in place, and leave when they stop matching; what others make match waits, and is counted
 * in `waiting`; what this member does goes straight in.
 */
export class Listing {
  rows: readonly DossierRow[] = []
  #numberings = new Numberings()
  #tally = new Tally(this.#numberings)
  #query: ListQuery
  #ranks: Ranks
  #met: (entry: Entry) => number
  #known = new Map<Id, Entry>()
  /** Everything known by number, and in the present sort; null: to be made anew, because rows or the sort changed. */
  #numbered: readonly Entry[] | null = null
  #sorted: readonly Entry[] | null = null
  /** Position of what is shown; the positions (not the ids) are out of date once rows came or went. */
  #shown = new Map<Id, number>()
  #moved = false
  #waiting = new Set<Id>()

  constructor(all: Iterable<DossierRow>, query: ListQuery, ranks: Ranks) {
    this.#query = query
    this.#ranks = ranks
    this.#met = makeMatcher(query, this.#numberings)
    const entries = Array.from(all, (row) => new Entry(row, this.#numberings))
    // a map keeps the order of insertion: put in by number it stays nearly so, and sorting that anew costs little
    this.#numbered = byNumber(entries)
    for (const entry of this.#numbered) this.#known.set(entry.row.id, entry)
    this.#rebuild()
  }

  /** How many match that are not shown yet. */
  get waiting(): number {
    return this.#waiting.size
  }

  /** How many dossiers there are at all, whatever the filter. */
  get size(): number {
    return this.#known.size
  }

  get counts(): Counts {
    return this.#tally.read()
  }

  /** Another filter, tab or sort: everything is put in order afresh. */
  setQuery(query: ListQuery): void {
    if (query.sort !== this.#query.sort || query.descending !== this.#query.descending) this.#sorted = null
    this.#query = query
    this.#met = makeMatcher(query, this.#numberings)
    this.#rebuild()
  }

  /** Names of owners and the like, for the next time that something is put in order. */
  setRanks(ranks: Ranks): void {
    this.#ranks = ranks
    this.#sorted = null
  }

  /** Shows what waits: everything is put in order afresh. */
  takeWaiting(): void {
    this.#rebuild()
  }

  /** Takes in what changed. Costs a pass over the rows on display only when one of them changed. */
  apply(changes: readonly RowChange[]): Moved {
    const replaced = new Map<Id, DossierRow | null>()
    const entering: DossierRow[] = []
    for (const change of changes) {
      const matches = this.#recount(change)
      if (this.#shown.has(change.id)) replaced.set(change.id, matches ? (change.after ?? null) : null)
      else if (!matches || !change.after) this.#waiting.delete(change.id)
      else if (change.mine) entering.push(change.after)
      else this.#waiting.add(change.id)
    }
    const removed = replaced.size > 0 ? this.#replace(replaced) : []
    return { removed, inserted: this.#enter(entering) }
  }

  /** After a fresh snapshot: whatever differs from what is known counts as somebody else's doing. */
  reconcile(all: readonly DossierRow[]): Moved {
    const changes: RowChange[] = []
    const present = new Set<Id>()
    for (const row of all) {
      present.add(row.id)
      if (this.#known.get(row.id)?.row !== row) changes.push({ id: row.id, after: row, mine: false })
    }
    for (const id of this.#known.keys()) if (!present.has(id)) changes.push({ id, after: undefined, mine: false })
    return this.apply(changes)
  }

  /** Folds the texts of rows `from` to `to` ahead of the first search. Returns whether there are more. */
  foldAhead(from: number, to: number): boolean {
    const entries = this.#inOrder()
    for (let i = from; i < to; i++) void entries[i]?.text
    return to < entries.length
  }

  #rebuild(): void {
    const tally = new Tally(this.#numberings)
    const matching: DossierRow[] = []
    this.#shown.clear()
    this.#waiting.clear()
    for (const entry of this.#inOrder()) {
      const met = this.#met(entry)
      tally.count(entry, met, 1)
      if (meetsAll(met)) this.#shown.set(entry.row.id, matching.push(entry.row) - 1)
    }
    this.#tally = tally
    this.rows = matching
    this.#moved = false
  }

  #inOrder(): readonly Entry[] {
    const { sort, descending } = this.#query
    this.#numbered ??= byNumber(this.#known.values())
    this.#sorted ??= sortEntries(this.#numbered, sort, descending, this.#ranks)
    return this.#sorted
  }

  /** Moves a row's share in all counts from what it was to what it is. Returns whether it matches now. */
  #recount({ id, after }: RowChange): boolean {
    const before = this.#known.get(id)
    if (before?.row === after) return before !== undefined && meetsAll(this.#met(before))
    this.#numbered = null
    this.#sorted = null
    if (before) this.#tally.count(before, this.#met(before), -1)
    if (!after) {
      this.#known.delete(id)
      return false
    }
    const entry = new Entry(after, this.#numberings)
    const met = this.#met(entry)
    this.#tally.count(entry, met, 1)
    this.#known.set(id, entry)
    return meetsAll(met)
  }

  #replace(replaced: ReadonlyMap<Id, DossierRow | null>): number[] {
    const positions = this.#positions()
    const rows = [...this.rows]
    const removed: number[] = []
    for (const [id, next] of replaced) {
      const at = positions.get(id) ?? 0
      if (next) rows[at] = next
      else removed.push(at)
    }
    removed.sort((a, b) => a - b)
    for (const [id, next] of replaced) if (!next) positions.delete(id)
    const leaving = new Set(removed)
    this.rows = leaving.size > 0 ? rows.filter((_, i) => !leaving.has(i)) : rows
    this.#moved ||= leaving.size > 0
    return removed
  }

  #enter(entering: readonly DossierRow[]): number[] {
    if (entering.length === 0) return []
    const rows = [...this.rows]
    const inserted: number[] = []
    for (const row of entering) {
      const at = placeOf(row, rows, this.#query.sort, this.#query.descending, this.#ranks)
      rows.splice(at, 0, row)
      inserted.push(at)
      this.#shown.set(row.id, at)
      this.#waiting.delete(row.id)
    }
    this.rows = rows
    this.#moved = true
    return inserted
  }

  #positions(): Map<Id, number> {
    if (this.#moved) this.rows.forEach((row, i) => this.#shown.set(row.id, i))
    this.#moved = false
    return this.#shown
  }
}

/** By how many rows what is being read was shifted, when the first row in sight was number `first`. Insertions count one after another. */
export function shiftOf({ removed, inserted }: Moved, first: number): number {
  let shift = 0
  for (const at of removed) if (at < first) shift--
  for (const at of inserted) if (at < first + shift) shift++
  return shift
}
