import { untrack } from 'svelte'
import type { DossierRow } from '#shared/contracts/dossier.ts'
import type { Id } from '#shared/contracts/ids.ts'
import type { Change, OfficeWorkspace } from '$lib/live/workspace.svelte.ts'
import { Glow } from './glow.svelte.ts'
import type { ListQuery } from './list-query.ts'
import { Listing, type Moved } from './listing.ts'
import { cancelIdle, whenIdle } from './when-idle.ts'
import { ranksOf } from './order.ts'

const unmoved: Moved = { removed: [], inserted: [] }
const foldSliceRows = 1_000

/** The list joined to the live workspace: what arrives is gathered, and taken in once a frame. */
export class DossierList {
  readonly glow = new Glow()
  /** The rows in the order they are read in. Replaced whenever anything on display changed. */
  rows: readonly DossierRow[] = $state.raw([])
  /** How many new ones wait behind the chip. */
  waiting = $state(0)
  #drawn = $state(0)
  #listing: Listing
  #workspace: OfficeWorkspace
  #pending = new Map<Id, boolean>()
  #frame: OfficeWorkspace['frame']
  #stop: () => void
  #idle = 0
  #onMoved: (moved: Moved) => void

  /** `onMoved` is told before the rows on display are replaced, so that the scroll position can be made up for it. */
  constructor(workspace: OfficeWorkspace, query: ListQuery, onMoved: (moved: Moved) => void) {
    this.#workspace = workspace
    this.#onMoved = onMoved
    this.#frame = workspace.frame
    this.#listing = new Listing(workspace.rows(), query, ranksOf(workspace.frame))
    this.#show(unmoved)
    this.#foldAhead(0)
    this.#stop = workspace.onChange((changes) => this.#gather(changes))
    $effect(() => {
      void workspace.version
      untrack(() => this.#takeIn())
    })
  }

  /** Live counts and the sum, as of the last drawing. */
  readonly counts = $derived.by(() => {
    void this.#drawn
    return this.#listing.counts
  })

  /** How many dossiers there are at all. */
  get size(): number {
    void this.#drawn
    return this.#listing.size
  }

  setQuery(query: ListQuery): void {
    this.#takeIn()
    this.#listing.setQuery(query)
    this.#show(unmoved)
  }

  showWaiting(): void {
    this.#listing.takeWaiting()
    this.#show(unmoved)
  }

  stop(): void {
    this.#stop()
    cancelIdle(this.#idle)
    this.glow.stop()
  }

  /** Readies the search while the browser has nothing else to do, a slice at a time. */
  #foldAhead(from: number): void {
    const to = from + foldSliceRows
    this.#idle = whenIdle(() => {
      if (this.#listing.foldAhead(from, to)) this.#foldAhead(to)
    })
  }

  #gather(changes: readonly Change[]): void {
    const me = this.#workspace.memberId
    for (const { dossierId, before, after, by } of changes) {
      const mine = by === me
      this.#pending.set(dossierId, mine || (this.#pending.get(dossierId) ?? false))
      if (!mine && before && after) this.glow.light(before, after)
    }
  }

  #takeIn(): void {
    const workspace = this.#workspace
    let moved: Moved
    if (workspace.frame !== this.#frame) {
      // other settings, or a fresh snapshot, which announces no single changes
      this.#frame = workspace.frame
      this.#listing.setRanks(ranksOf(workspace.frame))
      moved = this.#listing.apply(this.#changes())
      this.#show(moved)
      moved = this.#listing.reconcile(workspace.rows())
    } else if (this.#pending.size > 0) moved = this.#listing.apply(this.#changes())
    else return
    this.#show(moved)
  }

  #changes() {
    const changes = [...this.#pending].map(([id, mine]) => ({ id, after: this.#workspace.row(id), mine }))
    this.#pending.clear()
    return changes
  }

  #show(moved: Moved): void {
    if (moved.removed.length > 0 || moved.inserted.length > 0) this.#onMoved(moved)
    this.rows = this.#listing.rows
    this.waiting = this.#listing.waiting
    this.#drawn++
  }
}
