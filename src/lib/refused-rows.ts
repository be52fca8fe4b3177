import type { DossierRow } from '#shared/contracts/dossier.ts'
import type { Id } from '#shared/contracts/ids.ts'
import type { Refusal } from '#shared/contracts/refusals.ts'
import type { Judge } from '#shared/domain/selection.ts'
import { live } from './live/live.svelte.ts'

/** A dossier that the server would refuse, and why. */
export interface RefusedRow {
  row: DossierRow
  refusal: Refusal
}

/** S0.6: those of these that will be refused, said before anything is sent. */
export function refusedRows(rows: readonly DossierRow[], judge: Judge): RefusedRow[] {
  return rows.flatMap((row) => {
    const judged = judge(row)
    return 'refusal' in judged ? [{ row, refusal: judged.refusal }] : []
  })
}

/** The rows of these ids that this screen holds. Reactive. */
export function rowsOfIds(ids: readonly Id[]): DossierRow[] {
  return ids.flatMap((id) => live.workspace.row(id) ?? [])
}
