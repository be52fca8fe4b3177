import { SvelteMap } from 'svelte/reactivity'
import type { DossierRow } from '#shared/contracts/dossier.ts'
import type { Id } from '#shared/contracts/ids.ts'

const glowMs = 2_600
const watched = ['clientName', 'title', 'ownerId', 'divisionId', 'status', 'stageId', 'amount'] as const
export type WatchedField = (typeof watched)[number]

/** Which cells somebody else has just changed: each glows once and fades. */
export class Glow {
  #cells = new SvelteMap<Id, ReadonlySet<WatchedField>>()
  #timers = new Map<Id, ReturnType<typeof setTimeout>>()

  of(dossierId: Id): ReadonlySet<WatchedField> | undefined {
    return this.#cells.get(dossierId)
  }

  /** Notes what differs between two states of a row. */
  light(before: DossierRow, after: DossierRow): void {
    const fields = watched.filter((field) => before[field] !== after[field])
    if (fields.length === 0) return
    this.#cells.set(after.id, new Set([...(this.#cells.get(after.id) ?? []), ...fields]))
    clearTimeout(this.#timers.get(after.id))
    this.#timers.set(
      after.id,
      setTimeout(() => this.#forget(after.id), glowMs),
    )
  }

  stop(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer)
    this.#timers.clear()
    this.#cells.clear()
  }

  #forget(dossierId: Id): void {
    this.#timers.delete(dossierId)
    this.#cells.delete(dossierId)
  }
}
