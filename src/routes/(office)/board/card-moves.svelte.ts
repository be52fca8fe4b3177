import { can } from '#shared/domain/access.ts'
import type { DossierRow } from '#shared/contracts/dossier.ts'
import type { Id } from '#shared/contracts/ids.ts'
import { isOpen } from '#shared/domain/pipeline.ts'
import { act } from '$lib/act.ts'
import type { Change, OfficeWorkspace } from '$lib/live/workspace.svelte.ts'
import { stageLabel } from '$lib/people.ts'
import { toasts } from '$lib/toasts.svelte.ts'
import { isHeldBack } from '$lib/while-connected.svelte.ts'
import { m } from '$paraglide/messages.js'
import type { Arrivals } from './arrivals.svelte.ts'
import type { Board } from './board.svelte.ts'
import type { ColumnHandle } from './column-handle.ts'
import { type Departure, liftOff, prefersStill } from './glide.ts'

/** More at once would be a flock, not a movement that tells something. */
const mostAtOnce = 8

interface MovesInput {
  workspace: OfficeWorkspace
  board: Board
  arrivals: Arrivals
  column: (stageId: Id) => ColumnHandle | undefined
  /** Where closed dossiers go. */
  closingStrip: () => Element | null
}

/** Where the focus was before its card may have gone away. */
interface HeldFocus {
  dossierId: Id
  stageId: Id
  index: number
  /** It goes with the card; else it stays at its place in the column. */
  follow: boolean
  /** The focus is wanted there wherever it is by then: the menu had it, or the hand. */
  wanted: boolean
}

/** Everything that moves on the board: own moves and the colleagues', the glide, and the focus that stays with what one works on. */
export class CardMoves {
  /** What a screen reader is told beside the toast. */
  announcement = $state('')
  readonly #input: MovesInput
  readonly #departures = new Map<Id, Departure>()
  /** Let go by hand a moment ago: the eye is there already, so no glide. */
  readonly #dropped = new Set<Id>()
  /** Announced once it is drawn, with its new place. */
  #announced: Id | null = null
  #focus: HeldFocus | null = null

  constructor(input: MovesInput) {
    this.#input = input
  }

  /** The same rule as the server's (`can`), for buttons, keys and hands. */
  may(action: 'dossier.moveStage' | 'dossier.changeOwner', dossierId: Id): boolean {
    const { me } = this.#input.workspace
    const row = this.#input.workspace.row(dossierId)
    return me !== null && row !== undefined && can(me, action, row)
  }

  /** Moves a card to a stage (S4.9). By hand: it was dropped there. */
  move(dossierId: Id, stageId: Id, by: 'hand' | 'key' | 'menu'): void {
    const { workspace } = this.#input
    const row = workspace.row(dossierId)
    if (!row || row.stageId === stageId || isHeldBack()) return
    if (!this.may('dossier.moveStage', dossierId)) return toasts.show({ text: m.board_may_not_move() })
    if (by === 'hand') this.#dropped.add(dossierId)
    if (by !== 'key') this.#hold(dossierId, true, true)
    this.#announced = dossierId
    const done = m.board_moved({ client: row.clientName, stage: stageLabel(workspace.frame, stageId) })
    void act({ type: 'dossier.moveStage', dossierId, stageId }, { done })
  }

  /** Moves a card one stage on (1) or back (-1); the closing stage is the one after the last column. */
  step(dossierId: Id, by: 1 | -1): void {
    const { stages } = this.#input.workspace.frame
    const row = this.#input.workspace.row(dossierId)
    const next = row && stages[stages.findIndex((s) => s.id === row.stageId) + by]
    if (next) this.move(dossierId, next.id, 'key')
    else toasts.show({ text: by === 1 ? m.board_last_stage() : m.board_first_stage() })
  }

  /** Takes over a batch of changes, before any of them is drawn: what leaves its place is lifted off there. */
  changed = (changes: readonly Change[]): void => {
    const { board, arrivals, workspace } = this.#input
    const focusedId = focusedDossier()
    for (const change of changes) {
      const { dossierId, before, after, by } = change
      const [from, to] = [placeOf(before), placeOf(after)]
      if (dossierId === focusedId && !this.#focus) this.#hold(dossierId, by === workspace.memberId)
      if (!from || from === to) continue
      if (after && to && by !== null && by !== workspace.memberId) arrivals.mark({ dossierId, stageId: after.stageId, memberId: by })
      if (!this.#dropped.delete(dossierId)) this.#lift(dossierId, from)
    }
    board.apply(changes)
  }

  /** The changes are drawn: cards land, and the focus is where it was or on the card it followed. */
  drawn = async (): Promise<void> => {
    await this.#restoreFocus()
    for (const [dossierId, departure] of this.#departures) this.#land(dossierId, departure)
    this.#departures.clear()
    if (this.#announced !== null) this.#announcePlace(this.#announced)
    this.#announced = null
  }

  #lift(dossierId: Id, stageId: Id): void {
    const unseen = document.hidden || prefersStill()
    if (unseen || this.#departures.has(dossierId) || this.#departures.size >= mostAtOnce) return
    const card = this.#input.column(stageId)?.cardInView(dossierId)
    if (card) this.#departures.set(dossierId, liftOff(card))
  }

  #land(dossierId: Id, departure: Departure): void {
    const { board, column, closingStrip, workspace } = this.#input
    const place = board.place(dossierId)
    const target = place && column(place.stageId)
    const card = target?.cardInView(dossierId)
    const head = target ? target.headElement() : workspace.row(dossierId)?.status === 'closed' ? closingStrip() : null
    if (card) departure.land({ card })
    else if (head) departure.land({ head })
    else departure.drop()
  }

  #hold(dossierId: Id, follow: boolean, wanted = false): void {
    const place = this.#input.board.place(dossierId)
    if (place) this.#focus = { dossierId, ...place, follow, wanted }
  }

  async #restoreFocus(): Promise<void> {
    const held = this.#focus
    this.#focus = null
    // the focus is lost only where its card was taken away; else the person has it somewhere
    if (!held || (!held.wanted && document.activeElement !== document.body)) return
    const { board, column } = this.#input
    const now = board.place(held.dossierId)
    if (now && (held.follow || now.stageId === held.stageId)) return await column(now.stageId)?.focusCard(now.index)
    const left = board.column(held.stageId).cards.length
    if (left > 0) await column(held.stageId)?.focusCard(Math.min(held.index, left - 1))
  }

  #announcePlace(dossierId: Id): void {
    const { board, workspace } = this.#input
    const [row, place] = [workspace.row(dossierId), board.place(dossierId)]
    if (!row) return
    const count = place ? board.column(place.stageId).cards.length : 0
    const stage = stageLabel(workspace.frame, row.stageId)
    const text = place ? m.board_now_at({ client: row.clientName, position: place.index + 1, count, stage }) : m.board_undo_hint()
    // a screen reader reads only what differs from before
    this.announcement = text === this.announcement ? `${text} ` : text
  }
}

/** The stage whose column or strip a dossier is in; null where the board does not show it. */
function placeOf(row: DossierRow | undefined): Id | null {
  return row && (isOpen(row.status) || row.status === 'closed') ? row.stageId : null
}

/** The dossier whose card has the focus. */
function focusedDossier(): Id | null {
  const card = document.activeElement?.closest<HTMLElement>('[data-dossier]')
  return card?.dataset.dossier ?? null
}
