import type { Id } from '#shared/contracts/ids.ts'
import type { Board } from './board.svelte.ts'
import type { CardIntention } from './card-keys.ts'
import type { ColumnHandle } from './column-handle.ts'

export type Direction = Exclude<CardIntention, 'moveBack' | 'moveOn' | 'moveTo' | 'owner'>

/** From card to card by keyboard. */
export class CardWalk {
  readonly #board: Board
  readonly #column: (stageId: Id) => ColumnHandle | undefined

  constructor(board: Board, column: (stageId: Id) => ColumnHandle | undefined) {
    this.#board = board
    this.#column = column
  }

  /** To the first card there is. */
  enter(): void {
    const stage = this.#board.stages.find((s) => this.#board.column(s.id).cards.length > 0)
    if (stage) void this.#column(stage.id)?.focusCard(0)
  }

  /** To this dossier's card, where the board shows it. */
  to(dossierId: Id): void {
    const place = this.#board.place(dossierId)
    if (place) void this.#column(place.stageId)?.focusCard(place.index)
  }

  /** From this dossier's card to the next one in a direction; at an end it stays. */
  from(dossierId: Id, direction: Direction): void {
    const place = this.#board.place(dossierId)
    const column = place && this.#column(place.stageId)
    if (!place || !column) return
    if (direction === 'left' || direction === 'right') return this.#sideways(place, direction === 'left' ? -1 : 1)
    const last = this.#board.column(place.stageId).cards.length - 1
    const page = column.pageLength()
    const by = { up: -1, down: 1, pageUp: -page, pageDown: page, first: -last, last }[direction]
    void column.focusCard(Math.max(0, Math.min(last, place.index + by)))
  }

  /** To the card at the same height in the next column that has any. */
  #sideways(place: { stageId: Id; index: number }, by: 1 | -1): void {
    const { stages } = this.#board
    const offsetPx = this.#column(place.stageId)?.offsetOf(place.index) ?? 0
    for (let i = stages.findIndex((s) => s.id === place.stageId) + by; i >= 0 && i < stages.length; i += by) {
      const column = this.#column(stages[i]?.id ?? '')
      const index = column?.indexAt(offsetPx) ?? null
      if (column && index !== null) return void column.focusCard(index)
    }
  }
}
