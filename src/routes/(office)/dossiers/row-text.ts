import type { DossierRow } from '#shared/contracts/dossier.ts'
import { fold } from '#shared/domain/fold.ts'

/** Rows are replaced and never mutated, so what is made of one is made once. */
const texts = new WeakMap<DossierRow, string>()

/** What the search looks through: number, title and names, folded. */
export function searchText(row: DossierRow): string {
  const known = texts.get(row)
  if (known !== undefined) return known
  const text = foldFast(`${row.number} ${row.title} ${row.clientName} ${row.partnerName}`)
  texts.set(row, text)
  return text
}

/** Folding plain ASCII is lower-casing it, at a tenth of the price. */
export function foldFast(text: string): string {
  return /[^\x20-\x7e]/.test(text) ? fold(text) : text.toLowerCase()
}

/** Folds rows ahead of the first search, a slice at a time while the browser has nothing else to do. Returns the way to stop it. */
export function foldAhead(rows: readonly DossierRow[]): () => void {
  const sliceRows = 1_000
  let next = 0
  let handle = 0
  const schedule = globalThis.requestIdleCallback ?? ((run: () => void) => setTimeout(run, 50))
  const cancel = globalThis.cancelIdleCallback ?? clearTimeout
  const step = () => {
    for (const end = Math.min(next + sliceRows, rows.length); next < end; next++) {
      const row = rows[next]
      if (row) searchText(row)
    }
    if (next < rows.length) handle = Number(schedule(step))
  }
  handle = Number(schedule(step))
  return () => cancel(handle)
}
