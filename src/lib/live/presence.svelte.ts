import { SvelteMap } from 'svelte/reactivity'
import type { Id } from '#shared/contracts/ids.ts'
import type { Place, Presence } from '#shared/contracts/socket.ts'

/** Who else is on which dossier, and where in it (L5). Holds only dossiers somebody is on. */
export class PresenceBoard {
  #people = new SvelteMap<Id, Presence['people']>()

  apply(changes: readonly Presence[]): void {
    for (const { dossierId, people } of changes) {
      if (people.length === 0) this.#people.delete(dossierId)
      else this.#people.set(dossierId, people)
    }
  }

  /** The others on this dossier. */
  on(dossierId: Id, exceptMemberId: Id): { memberId: Id; place: Place }[] {
    return (this.#people.get(dossierId) ?? []).filter((p) => p.memberId !== exceptMemberId)
  }

  clear(): void {
    this.#people.clear()
  }
}
