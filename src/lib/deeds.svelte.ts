import type { Component } from 'svelte'

/** Something that can be done here and now: what is not allowed is not offered. */
export interface Deed {
  /** The same at every visit: what was used recently comes first. */
  id: string
  label: string
  /** The key that does the same. */
  shortcut?: string
  icon: Component<{ 'aria-hidden'?: 'true'; class?: string }>
  run: () => void
}

/** Innermost last, as for keys. */
const active: (() => readonly Deed[])[] = []

/** Offers deeds in the palette for the component's life. Hand in a function: it is asked when the palette opens. */
export function offer(deeds: () => readonly Deed[]): void {
  $effect(() => {
    active.push(deeds)
    return () => void active.splice(active.indexOf(deeds), 1)
  })
}

/** What can be done now, innermost first, each once. */
export function offered(): Deed[] {
  const byId = new Map<string, Deed>()
  for (const read of active.toReversed()) for (const deed of read()) if (!byId.has(deed.id)) byId.set(deed.id, deed)
  return [...byId.values()]
}
