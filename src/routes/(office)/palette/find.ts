import type { Component } from 'svelte'
import type { FaceOf } from '$lib/people.ts'
import { foldFast } from '../dossiers/entry.ts'
import { best } from './ranking.ts'

export type GroupKey = 'recent' | 'here' | 'dossiers' | 'notes' | 'clients' | 'people' | 'screens'

/** One line of the palette. */
export interface Entry {
  /** The same at every visit. */
  key: string
  label: string
  detail?: string
  shortcut?: string
  icon?: Component<{ 'aria-hidden'?: 'true'; class?: string }>
  face?: FaceOf
  run: () => void
}

export interface Group {
  key: GroupKey
  entries: Entry[]
}

/** Of these lines the ones that answer the query, the best first. */
export function matchingEntries(entries: readonly Entry[], query: string, most: number): { entries: Entry[]; best: number } {
  const found = best(entries, query, most, (entry) => foldFast(`${entry.label} ${entry.detail ?? ''}`))
  return { entries: found.map(({ one }) => one), best: found[0]?.score ?? 0 }
}

/** Before anything is typed: what was used last, then the rest by groups, nothing twice. */
export function opening(groups: readonly Group[], recent: readonly string[], mostRecent: number): Group[] {
  const byKey = new Map(groups.flatMap((group) => group.entries.map((entry) => [entry.key, entry] as const)))
  const used = recent.flatMap((key) => byKey.get(key) ?? []).slice(0, mostRecent)
  const taken = new Set(used.map((entry) => entry.key))
  const rest = groups.map((group) => ({ ...group, entries: group.entries.filter((entry) => !taken.has(entry.key)) }))
  return [{ key: 'recent' as const, entries: used }, ...rest].filter((group) => group.entries.length > 0)
}
