import type { Counter } from '../store/store.ts'

/** The counters of the years that these numbers (`2026-00002`) belong to: the next one follows the highest, and none goes back. */
export function numberCounters(numbers: readonly string[], known: readonly Counter[]): Counter[] {
  const next = new Map<string, number>()
  for (const number of numbers) {
    const [, year, digits] = /^(\d{4})-(\d{1,9})$/.exec(number) ?? []
    if (!year) continue
    const id = `dossierNumber-${year}`
    const before = next.get(id) ?? known.find((counter) => counter.id === id)?.next ?? 1
    next.set(id, Math.max(before, Number(digits) + 1))
  }
  return [...next].map(([id, number]) => ({ id, next: number }))
}
