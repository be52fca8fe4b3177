import type { Id } from '#shared/contracts/ids.ts'

/** What the board asks of one of its columns. */
export interface ColumnHandle {
  /** Where cards go whose place is out of view. */
  headElement: () => HTMLElement | undefined
  /** A card's element where it can be seen; null where it is scrolled out of view. */
  cardInView: (dossierId: Id) => HTMLElement | null
  /** How far below the column's upper edge a card is now, px. */
  offsetOf: (index: number) => number
  /** The card at this distance from the column's upper edge, or the nearest; null in an empty column. */
  indexAt: (offsetPx: number) => number | null
  /** How many cards a page up or down goes. */
  pageLength: () => number
  /** How far it is scrolled, px. */
  scrollTop: () => number
  /** Scrolls to where it was left, px. */
  scrollTo: (px: number) => void
  /** Brings a card into view and gives it the focus. */
  focusCard: (index: number) => Promise<void>
}
