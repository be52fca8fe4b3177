import { SvelteMap } from 'svelte/reactivity'
import type { OfficeEvent } from '#shared/contracts/events.ts'
import type { Id } from '#shared/contracts/ids.ts'
import type { MemberFields } from '#shared/contracts/member.ts'
import type { OfficeWorkspace } from '$lib/live/workspace.svelte.ts'

const glowMs = 2_600
export type GlowField = keyof MemberFields

/** Which cells somebody else has just changed: each glows once and fades. */
export class Glow {
  #cells = new SvelteMap<Id, ReadonlySet<GlowField>>()
  #timers = new Map<Id, ReturnType<typeof setTimeout>>()

  of(memberId: Id): ReadonlySet<GlowField> | undefined {
    return this.#cells.get(memberId)
  }

  /** Watches what happens to members. Returns the way out. */
  watch(workspace: OfficeWorkspace): () => void {
    const stop = workspace.onEvent((event) => {
      if (event.by !== workspace.memberId) this.#note(event)
    })
    return () => {
      stop()
      for (const timer of this.#timers.values()) clearTimeout(timer)
      this.#timers.clear()
      this.#cells.clear()
    }
  }

  #note(event: OfficeEvent): void {
    if (event.type === 'member.invited') this.#light(event.member.id, ['name', 'state'])
    else if (event.type === 'member.changed') this.#light(event.memberId, Object.keys(event.fields) as GlowField[])
  }

  #light(memberId: Id, fields: GlowField[]): void {
    this.#cells.set(memberId, new Set([...(this.#cells.get(memberId) ?? []), ...fields]))
    clearTimeout(this.#timers.get(memberId))
    const off = () => {
      this.#cells.delete(memberId)
      this.#timers.delete(memberId)
    }
    this.#timers.set(memberId, setTimeout(off, glowMs))
  }
}
