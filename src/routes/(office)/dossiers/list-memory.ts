import type { Id } from '#shared/contracts/ids.ts'

/** Where somebody was in the list when a dossier was opened from it. */
interface Memory {
  href: string
  cursorId: Id | null
  scrollTopPx: number
}

let memory: Memory | null = null

/** Kept for this tab, so that whoever comes back from a dossier finds the list as they left it. */
export function rememberList(now: Memory): void {
  memory = now
}

export function rememberedList(): Memory | null {
  return memory
}
