import type { DossierField } from '#shared/contracts/dossier.ts'
import type { Id } from '#shared/contracts/ids.ts'
import { historyEntry } from '#shared/domain/history.ts'
import type { OfficeWorkspace } from '$lib/live/workspace.svelte.ts'
import { memberOf } from '$lib/people.ts'
import { changeLines } from './change-lines.ts'

const glowMs = 1_800

/** What colleagues just changed on one dossier: fields glow in the colleague's colour for a moment, and the change is said once. */
export class Glow {
  /** Colour by field; absent: nothing new. */
  fields: Partial<Record<DossierField, string>> = $state.raw({})
  /** The last change in words, for those who do not see the glow. */
  said = $state('')
  #timers: Partial<Record<DossierField, ReturnType<typeof setTimeout>>> = {}
  #stop: () => void

  constructor(workspace: OfficeWorkspace, dossierId: Id) {
    this.#stop = workspace.onEvent((event) => {
      if (event.by === workspace.memberId) return
      const entry = historyEntry(event, dossierId)
      if (!entry) return
      const by = memberOf(workspace.frame, event.by)
      const colour = `var(--p${(by?.colour ?? 0) + 1})`
      for (const field of Object.keys(entry.fields) as DossierField[]) this.#light(field, colour)
      const lines = changeLines(workspace.frame, entry.fields).map(({ label, before, after }) => `${label} ${before} → ${after}`)
      if (lines.length > 0) this.said = `${by?.name ?? ''}: ${lines.join(', ')}`
    })
  }

  #light(field: DossierField, colour: string): void {
    clearTimeout(this.#timers[field])
    this.fields = { ...this.fields, [field]: colour }
    const off = () => {
      const { [field]: _, ...rest } = this.fields
      this.fields = rest
    }
    this.#timers[field] = setTimeout(off, glowMs)
  }

  destroy(): void {
    this.#stop()
    for (const timer of Object.values(this.#timers)) clearTimeout(timer)
  }
}
