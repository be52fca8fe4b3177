import type { Id } from '#shared/contracts/ids.ts'

type Rows = readonly { id: Id }[]

/** What is selected in a list, and from where a range begins. Replaced, never mutated. */
export interface Selected {
  readonly ids: ReadonlySet<Id>
  readonly anchor: Id | null
}

export const nothingSelected: Selected = { ids: new Set(), anchor: null }

/** Puts one in or takes it out; the next range begins at it. */
export function toggled({ ids }: Selected, id: Id): Selected {
  const next = new Set(ids)
  if (!next.delete(id)) next.add(id)
  return { ids: next, anchor: id }
}

/** Adds everything from the anchor to this one, both included, in the order of the list; without an anchor this one alone. */
export function ranged({ ids, anchor }: Selected, rows: Rows, id: Id): Selected {
  const to = rows.findIndex((row) => row.id === id)
  const from = rows.findIndex((row) => row.id === anchor)
  if (to < 0) return { ids, anchor }
  if (from < 0) return { ids: new Set(ids).add(id), anchor: id }
  const between = rows.slice(Math.min(from, to), Math.max(from, to) + 1)
  return { ids: new Set([...ids, ...between.map((row) => row.id)]), anchor }
}

/** Everything the filter shows. */
export function everything(rows: Rows): Selected {
  return { ids: new Set(rows.map((row) => row.id)), anchor: rows[0]?.id ?? null }
}

/** Without what went out of sight: nobody acts on what they do not see. The same object where nothing did. */
export function stillShown(selected: Selected, rows: Rows): Selected {
  if (selected.ids.size === 0) return selected
  const kept = new Set<Id>()
  for (const { id } of rows) if (selected.ids.has(id)) kept.add(id)
  return kept.size === selected.ids.size ? selected : { ids: kept, anchor: selected.anchor }
}

/** Without these. */
export function without({ ids, anchor }: Selected, gone: Iterable<Id>): Selected {
  const left = new Set(ids)
  for (const id of gone) left.delete(id)
  return { ids: left, anchor }
}
