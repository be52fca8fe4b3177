import type { DossierRow } from '#shared/contracts/dossier.ts'
import type { Happening, OfficeEvent } from '#shared/contracts/events.ts'
import type { Id } from '#shared/contracts/ids.ts'
import type { Frame } from '#shared/contracts/office.ts'
import type { Delivery, DeliveryItem } from '#shared/contracts/workspace.ts'
import { type Actor, actorOf, maySee } from '#shared/domain/access.ts'
import { applyItem, applyToFrame } from '#shared/domain/apply.ts'
import { subjectsOf } from '#shared/domain/undo.ts'
import type { Prediction } from './predict.ts'
import type { Snapshot } from './snapshot.ts'

/** One visible change, for what moves on the screen: a card that glides, a cell that glows. */
export interface Change {
  dossierId: Id
  before: DossierRow | undefined
  after: DossierRow | undefined
  /** The member whose doing it was, where known. */
  by: Id | null
  commandId: Id | null
}

/** What of the office itself will have happened when the server agrees; `n`: its number, once it was accepted. */
type FramePrediction = { happening: Happening; n?: number }

/**
 * What this screen holds: the frame and a row of every dossier its member may see, kept up to date by numbered deliveries.
 * `rows` are plain objects, replaced and never mutated; whoever derives from them reads `version`, which counts up at most once a frame.
 */
export class OfficeWorkspace {
  #frame: Frame = $state.raw({
    office: { id: '', name: '', language: 'en', currency: 'EUR', timeZone: 'UTC', divisionsOn: false, seesWhat: 'everyone' },
    members: [],
    owners: [],
    divisions: [],
    stages: [],
  })
  #framePredictions: ReadonlyMap<Id, FramePrediction> = $state.raw(new Map())
  /** The office as it is to be shown: own changes that wait for their answer included. */
  readonly frame: Frame = $derived.by(() => {
    const stamp = { n: this.at, at: 0, by: this.memberId }
    return [...this.#framePredictions].reduce(
      (frame, [commandId, { happening }]) => applyToFrame(frame, { ...happening, ...stamp, commandId }),
      this.#frame,
    )
  })
  memberId: Id = $state('')
  /** Counts up when rows changed. */
  version = $state(0)
  /** The log number this screen has applied everything up to. */
  at = 0
  readonly me: Actor | null = $derived(this.frame ? actorOf(this.frame, this.memberId) : null)

  #base = { rows: new Map<Id, DossierRow>() }
  #patched = new Map<Id, DossierRow>()
  /** `n`: the number of the event that will make it true, once it was accepted. */
  #predictions = new Map<Id, { rows: Prediction; n?: number }>()
  #staleListeners = new Set<(dossierId: Id | null) => void>()
  #listeners = new Set<(changes: Change[]) => void>()
  #eventListeners = new Set<(event: OfficeEvent) => void>()
  #scheduled = false

  /** How many dossiers this screen holds. */
  get size(): number {
    void this.version
    return this.#base.rows.size
  }

  /** A dossier as it is to be shown: own changes that wait for their answer included. Reactive by `version`. */
  row(id: Id): DossierRow | undefined {
    void this.version
    return this.#patched.get(id) ?? this.#base.rows.get(id)
  }

  /** All dossiers as they are to be shown, in no order. Reactive by `version`. */
  rows(): DossierRow[] {
    void this.version
    const rows: DossierRow[] = []
    for (const row of this.#base.rows.values()) rows.push(this.#patched.get(row.id) ?? row)
    return rows
  }

  /** Calls back after each batch of single changes (a fresh snapshot announces none), before the screen is drawn again. Returns the way out. */
  onChange(listener: (changes: Change[]) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Calls back for each event that arrives, for example to lengthen an open history. */
  onEvent(listener: (event: OfficeEvent) => void): () => void {
    this.#eventListeners.add(listener)
    return () => this.#eventListeners.delete(listener)
  }

  /** Calls back when more than its row is newer than the events told: of this dossier, or (null) of all of them. Returns the way out. */
  onStale(listener: (dossierId: Id | null) => void): () => void {
    this.#staleListeners.add(listener)
    return () => this.#staleListeners.delete(listener)
  }

  /** Takes over an opening snapshot in place of everything held so far. */
  open({ manifest, rows }: Snapshot): void {
    this.#frame = manifest.frame
    this.memberId = manifest.memberId
    this.at = manifest.at
    this.#base.rows = rows
    this.#settleUpTo(this.at, [])
    this.#repatch()
    for (const listener of this.#staleListeners) listener(null)
    this.#redraw()
  }

  /**
   * Applies a delivery in the order of its numbers. `applied`; `known` where it brought nothing new; `hole` where it does not begin
   * right after `at` (what it says of rights holds from its first number on): nothing was applied, the caller asks for what follows `at`.
   */
  apply(delivery: Delivery): { result: 'applied' | 'known' | 'hole'; resync: (DeliveryItem & { kind: 'resync' }) | null } {
    if (delivery.to <= this.at) return { result: 'known', resync: null }
    if (delivery.from !== this.at + 1) return { result: 'hole', resync: null }
    const changes: Change[] = []
    let resync: (DeliveryItem & { kind: 'resync' }) | null = null
    for (const item of delivery.items) {
      if (item.kind === 'resync') resync = item
      else this.#applyItem(item, changes)
    }
    if (resync?.reach) this.#dropUnseen(changes)
    this.at = delivery.to
    this.#settleUpTo(this.at, changes)
    this.#tell(changes)
    return { result: 'applied', resync }
  }

  /** Shows a predicted change until `settle` is called for its command. */
  predict(commandId: Id, prediction: Prediction): void {
    this.#tell(this.#repredict(commandId, prediction, () => this.#predictions.set(commandId, { rows: prediction })))
  }

  /** Shows the office as it will be, until `settle` is called for its command. */
  predictFrame(commandId: Id, happening: Happening): void {
    this.#framePredictions = new Map([...this.#framePredictions, [commandId, { happening }]])
  }

  /** The command was accepted: its prediction is needed until this screen stands at its event's number. */
  accepted(commandId: Id, n: number): void {
    const ofFrame = this.#framePredictions.get(commandId)
    if (ofFrame && n > this.at) ofFrame.n = n
    else this.#dropFramePrediction(commandId)
    const prediction = this.#predictions.get(commandId)
    if (!prediction) return
    if (n <= this.at) this.settle(commandId)
    else prediction.n = n
  }

  /** The command was refused, or changed nothing: its prediction is taken back. */
  settle(commandId: Id): void {
    this.#dropFramePrediction(commandId)
    const prediction = this.#predictions.get(commandId)
    if (!prediction) return
    this.#tell(this.#repredict(commandId, prediction.rows, () => this.#predictions.delete(commandId)))
  }

  /** Puts a prediction in or takes it out; returns what that changed on the screen. */
  #repredict(commandId: Id, rows: Prediction, turn: () => void): Change[] {
    const before = [...rows.keys()].map((dossierId) => ({ dossierId, row: this.row(dossierId) }))
    turn()
    this.#repatch()
    return before.map(({ dossierId, row }) => ({ dossierId, before: row, after: this.row(dossierId), by: this.memberId, commandId }))
  }

  #settleUpTo(at: number, changes: Change[]): void {
    for (const [commandId, { n }] of this.#framePredictions) if (n !== undefined && n <= at) this.#dropFramePrediction(commandId)
    for (const [commandId, { n, rows }] of this.#predictions) {
      if (n === undefined || n > at) continue
      for (const change of this.#repredict(commandId, rows, () => this.#predictions.delete(commandId))) changes.push(change)
    }
  }

  #applyItem(item: DeliveryItem, changes: Change[]): void {
    const event = item.kind === 'event' ? item.event : null
    const ids = idsOf(item)
    const before = ids.map((id) => this.row(id))
    const by = event?.by ?? (item.kind === 'row' ? item.by : undefined) ?? null
    const commandId = event?.commandId ?? (item.kind === 'row' ? item.commandId : undefined) ?? null
    if (commandId && this.#predictions.delete(commandId)) this.#repatch()
    if (commandId) this.#dropFramePrediction(commandId)
    const workspace = { frame: this.#frame, rows: this.#base.rows }
    applyItem(workspace, item)
    this.#frame = workspace.frame
    if (this.#predictions.size > 0) this.#repatch()
    ids.forEach((dossierId, i) => changes.push({ dossierId, before: before[i], after: this.row(dossierId), by, commandId }))
    if (event) for (const listener of this.#eventListeners) listener(event)
    else for (const dossierId of ids) for (const listener of this.#staleListeners) listener(dossierId)
  }

  /** After this member's own reach changed: what they may no longer see goes at once, what is gained is fetched. */
  #dropUnseen(changes: Change[]): void {
    const me = actorOf(this.#frame, this.memberId)
    for (const row of this.#base.rows.values()) {
      if (me && maySee(me, row)) continue
      changes.push({ dossierId: row.id, before: this.row(row.id), after: undefined, by: null, commandId: null })
      this.#base.rows.delete(row.id)
      this.#patched.delete(row.id)
    }
  }

  #dropFramePrediction(commandId: Id): void {
    if (!this.#framePredictions.has(commandId)) return
    this.#framePredictions = new Map([...this.#framePredictions].filter(([id]) => id !== commandId))
  }

  #repatch(): void {
    this.#patched.clear()
    for (const { rows } of this.#predictions.values()) {
      for (const [dossierId, patch] of rows) {
        const row = this.#patched.get(dossierId) ?? this.#base.rows.get(dossierId)
        if (row) this.#patched.set(dossierId, { ...row, ...patch })
      }
    }
  }

  #tell(changes: Change[]): void {
    const real = changes.filter((c) => c.before !== c.after)
    if (real.length === 0) return
    for (const listener of this.#listeners) listener(real)
    this.#redraw()
  }

  /** At most one redraw a frame; a hidden tab has no frames, so it takes a timer. */
  #redraw(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    const draw = () => {
      this.#scheduled = false
      this.version++
    }
    if (document.hidden) setTimeout(draw, 50)
    else requestAnimationFrame(draw)
  }
}

function idsOf(item: DeliveryItem): Id[] {
  switch (item.kind) {
    case 'row':
      return [item.row.id]
    case 'gone':
      return [item.dossierId]
    case 'event':
      if (item.event.type === 'dossier.created') return [item.event.dossier.id]
      return subjectsOf(item.event)?.map((s) => s.dossierId) ?? []
    case 'resync':
      return []
  }
}
