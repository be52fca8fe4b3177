import type { DossierRow } from '#shared/contracts/dossier.ts'
import type { Id, Instant } from '#shared/contracts/ids.ts'
import type { Frame } from '#shared/contracts/office.ts'
import type { Stage } from '#shared/contracts/stage.ts'
import type { Actor } from '#shared/domain/access.ts'
import { daysInStage, isOpen, pace } from '#shared/domain/pipeline.ts'
import { type BoardFilter, matcher, none, type OrNone } from './board-filter.ts'

/** One stage's open dossiers as the board shows them. Replaced when anything in it changes; `cards` stays the same, sorted array. */
export interface Column {
  readonly stageId: Id
  /** First the unowned ones that this member has to see to (S1.7), then the others; each part longest in the stage first. */
  readonly cards: readonly DossierRow[]
  /** How many of `cards` make up that first part. */
  readonly onTop: number
  /** Cents. */
  readonly sum: number
}

/** How many dossiers each entry stands for, the filter on that same field left aside. */
export interface Facets {
  readonly owners: ReadonlyMap<OrNone, number>
  readonly divisions: ReadonlyMap<OrNone, number>
}

export interface ColumnsInput {
  stages: readonly Stage[]
  rows: Iterable<DossierRow>
  filter: BoardFilter
  /** Does this unowned dossier stand on top for whoever looks (S1.7)? */
  onTop: (row: DossierRow) => boolean
  now: Instant
}

/** The board's columns, kept up to date change by change: one change costs a binary search, not a sort. */
export class BoardColumns {
  /** Closed dossiers that the filter lets through. */
  closed = 0
  readonly #columns: Map<Id, { -readonly [K in keyof Column]: Column[K] } & { cards: DossierRow[] }>
  readonly #stages: Map<Id, Stage>
  readonly #rows = new Map<Id, DossierRow>()
  readonly #owners = new Map<OrNone, number>()
  readonly #divisions = new Map<OrNone, number>()
  readonly #compare: (a: DossierRow, b: DossierRow) => number
  readonly #match: ReturnType<typeof matcher>
  readonly #input: ColumnsInput

  constructor(input: ColumnsInput) {
    this.#input = input
    this.#match = matcher(input.filter)
    this.#compare = cardOrder(input.onTop)
    this.#stages = new Map(input.stages.map((stage) => [stage.id, stage]))
    this.#columns = new Map(
      input.stages.filter((s) => !s.closing).map((s) => [s.id, { stageId: s.id, cards: [] as DossierRow[], onTop: 0, sum: 0 }]),
    )
    for (const row of input.rows) this.#count(row, 1)?.cards.push(row)
    for (const column of this.#columns.values()) column.cards.sort(this.#compare)
  }

  /** The column of a stage; the same object until something in it changes. */
  column(stageId: Id): Column | undefined {
    return this.#columns.get(stageId)
  }

  /** Live counts for the filters: only entries that stand for something. */
  facets(): Facets {
    return { owners: this.#owners, divisions: this.#divisions }
  }

  /** Where a dossier's card is now; null where the board does not show it. */
  place(dossierId: Id): { stageId: Id; index: number } | null {
    const row = this.#rows.get(dossierId)
    const column = row && this.#columns.get(row.stageId)
    if (!row || !column) return null
    const index = lowerBound(column.cards, row, this.#compare)
    return column.cards[index] === row ? { stageId: row.stageId, index } : null
  }

  /** Takes over changes in their order. The same change may come twice: what counts is where the card stands, not where it stood. */
  apply(changes: readonly { dossierId: Id; after: DossierRow | undefined }[]): void {
    for (const { dossierId, after } of changes) {
      const before = this.#rows.get(dossierId)
      if (before === after) continue
      if (before) this.#remove(before)
      if (after) this.#insert(after)
    }
  }

  #insert(row: DossierRow): void {
    const column = this.#count(row, 1)
    if (!column) return
    column.cards.splice(lowerBound(column.cards, row, this.#compare), 0, row)
    this.#columns.set(row.stageId, { ...column })
  }

  #remove(row: DossierRow): void {
    const column = this.#count(row, -1)
    if (!column) return
    column.cards.splice(lowerBound(column.cards, row, this.#compare), 1)
    this.#columns.set(row.stageId, { ...column })
  }

  /** Counts a row in (+1) or out (-1). Returns the column its card belongs to, or undefined where the board does not show it. */
  #count(row: DossierRow, by: 1 | -1) {
    const open = isOpen(row.status)
    if (!open && row.status !== 'closed') return undefined
    if (by === 1) this.#rows.set(row.id, row)
    else this.#rows.delete(row.id)
    const passes = this.#match(row)
    if (!open) {
      if (passes.owner && passes.division && passes.text) this.closed += by
      return undefined
    }
    const column = this.#columns.get(row.stageId)
    if (!column || !passes.text || !this.#passesTime(row)) return undefined
    if (passes.division) bump(this.#owners, row.ownerId ?? none, by)
    if (passes.owner) bump(this.#divisions, row.divisionId ?? none, by)
    if (!passes.owner || !passes.division) return undefined
    column.sum += by * (row.amount ?? 0)
    if (this.#input.onTop(row)) column.onTop += by
    return column
  }

  #passesTime(row: DossierRow): boolean {
    const { filter, now } = this.#input
    const stage = this.#stages.get(row.stageId)
    return !filter.pastTime || (stage !== undefined && pace(stage, daysInStage(row.stageSince, now)) !== 'usual')
  }
}

/** Half of a column's cards have stood in the stage for longer than this many days, half for less; null without cards. */
export function medianDays({ cards, onTop }: Column, now: Instant): number | null {
  if (cards.length === 0) return null
  const [low, high] = middle(cards, onTop)
  return Math.round((daysInStage(low.stageSince, now) + daysInStage(high.stageSince, now)) / 2)
}

/** How many cards of a column are past the stage's usual time. */
export function pastTime({ cards, onTop }: Column, stage: Stage, now: Instant): number {
  const isPast = (row: DossierRow) => pace(stage, daysInStage(row.stageSince, now)) !== 'usual'
  const tops = partitionPoint(cards, 0, onTop, isPast)
  return tops + partitionPoint(cards, onTop, cards.length, isPast) - onTop
}

/**
 * S1.7: an unowned dossier stands on top of the board of its division's managers, else of the admins: also where none of those managers can
 * act yet, so that it never stands on top of nobody's board.
 */
export function unownedOnTop(frame: Frame, me: Actor | null): (row: Pick<DossierRow, 'ownerId' | 'divisionId'>) => boolean {
  const managed = new Set(frame.members.filter((m) => m.role === 'manager' && m.state === 'active').flatMap((m) => m.divisionIds))
  return ({ ownerId, divisionId }) => {
    if (ownerId !== null || !me) return false
    if (divisionId !== null && managed.has(divisionId)) return me.role === 'manager' && me.divisionIds.includes(divisionId)
    return me.role === 'admin'
  }
}

// a total order: numbers are unique in the office, so a card is found again by binary search
function cardOrder(onTop: ColumnsInput['onTop']): (a: DossierRow, b: DossierRow) => number {
  return (a, b) => {
    if (a.ownerId === null || b.ownerId === null) {
      const [aOnTop, bOnTop] = [onTop(a), onTop(b)]
      if (aOnTop !== bOnTop) return aOnTop ? -1 : 1
    }
    return a.stageSince - b.stageSince || compareText(a.number, b.number) || compareText(a.id, b.id)
  }
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function lowerBound(cards: readonly DossierRow[], row: DossierRow, compare: (a: DossierRow, b: DossierRow) => number): number {
  return partitionPoint(cards, 0, cards.length, (card) => compare(card, row) < 0)
}

/** The first index in [from, to) whose card does not hold, where all that hold come first; `to` where all do. */
function partitionPoint(cards: readonly DossierRow[], from: number, to: number, holds: (card: DossierRow) => boolean): number {
  while (from < to) {
    const mid = (from + to) >> 1
    const card = cards[mid]
    if (card && holds(card)) from = mid + 1
    else to = mid
  }
  return from
}

/** The two cards in the middle by time in the stage (the same one twice where their number is odd), merged over the two sorted parts. */
function middle(cards: readonly DossierRow[], onTop: number): [DossierRow, DossierRow] {
  const last = cards.length >> 1
  const [low, high] = [cards[(cards.length - 1) >> 1], cards[last]]
  // nearly always nothing stands on top, and the column is sorted as it is
  if (onTop === 0 && low && high) return [low, high]
  const merged: DossierRow[] = []
  for (let i = 0, top = 0, rest = onTop; i <= last; i++) {
    const [a, b] = [top < onTop ? cards[top] : undefined, cards[rest]]
    const next = a && (!b || a.stageSince <= b.stageSince) ? a : b
    if (!next) break
    if (next === a) top++
    else rest++
    if (i >= last - 1) merged.push(next)
  }
  const later = merged.at(-1)
  if (!later) throw new Error('a column without cards has no middle')
  return [cards.length % 2 === 0 ? (merged[0] ?? later) : later, later]
}

function bump(counts: Map<OrNone, number>, key: OrNone, by: 1 | -1): void {
  const count = (counts.get(key) ?? 0) + by
  if (count > 0) counts.set(key, count)
  else counts.delete(key)
}
