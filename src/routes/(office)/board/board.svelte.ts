import { untrack } from 'svelte'
import type { Id } from '#shared/contracts/ids.ts'
import type { Stage } from '#shared/contracts/stage.ts'
import { clock } from '$lib/clock.svelte.ts'
import type { Change, OfficeWorkspace } from '$lib/live/workspace.svelte.ts'
import { type BoardFilter, filterOf, hrefOf } from './board-filter.ts'
import { BoardColumns, type Column, type Facets, pastTime, unownedOnTop } from './columns.ts'

/**
 * The board of what a workspace holds, narrowed by the filter in the address bar. It is built once for a filter and a frame, and from
 * then on follows the workspace change by change.
 */
export class Board {
  readonly #workspace: OfficeWorkspace
  readonly #url: () => Pick<URL, 'search' | 'hash'>

  // an address in between: every navigation brings a new URL, but only another address is another filter
  readonly #href: string = $derived.by(() => hrefOf(filterOf(this.#url())))
  readonly filter: BoardFilter = $derived(filterOf(new URL(this.#href, 'http://localhost')))
  /** The columns' stages in their order: all but the closing one. */
  readonly stages: readonly Stage[] = $derived.by(() => this.#workspace.frame.stages.filter((s) => !s.closing))
  readonly closing: Stage | undefined = $derived.by(() => this.#workspace.frame.stages.find((s) => s.closing))

  readonly #columns: BoardColumns = $derived.by(() => {
    const { frame, me } = this.#workspace
    const { filter } = this
    // days pass: what is past its time is looked at again with every tick, but only where it is asked for
    const now = filter.pastTime ? clock.now : Date.now()
    return untrack(
      () => new BoardColumns({ stages: frame.stages, rows: this.#workspace.rows(), filter, onTop: unownedOnTop(frame, me), now }),
    )
  })

  /** `url` is the address bar's, read reactively. */
  constructor(workspace: OfficeWorkspace, url: () => Pick<URL, 'search' | 'hash'>) {
    this.#workspace = workspace
    this.#url = url
  }

  /** Changes its identity when the columns were built afresh instead of following changes. */
  get built(): object {
    return this.#columns
  }

  /** Takes over what changed; the screen follows with the workspace's next redraw. */
  apply(changes: readonly Change[]): void {
    this.#columns.apply(changes)
  }

  /** A stage's column. Reactive; the same object as long as nothing in it changed. */
  column(stageId: Id): Column {
    void this.#workspace.version
    return this.#columns.column(stageId) ?? { stageId, cards: [], onTop: 0, sum: 0 }
  }

  /** Where a card is at this moment, ahead of the next redraw; null where the board does not show it. */
  place(dossierId: Id): { stageId: Id; index: number } | null {
    return this.#columns.place(dossierId)
  }

  /** How many open dossiers the board shows, their sum in cents, and how many are past their stage's usual time. Reactive. */
  readonly totals: { open: number; sum: number; past: number } = $derived.by(() => {
    const totals = { open: 0, sum: 0, past: 0 }
    for (const stage of this.stages) {
      const column = this.column(stage.id)
      totals.open += column.cards.length
      totals.sum += column.sum
      totals.past += pastTime(column, stage, clock.now)
    }
    return totals
  })

  /** Closed dossiers that the filter lets through. Reactive. */
  get closed(): number {
    void this.#workspace.version
    return this.#columns.closed
  }

  /** Counts beside the filters' entries. Reactive. */
  facets(): Facets {
    void this.#workspace.version
    return this.#columns.facets()
  }
}
