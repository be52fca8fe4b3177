import type { DossierRow } from '#shared/contracts/dossier.ts'
import { foldFast } from '../dossiers/entry.ts'

/** Rows are replaced and never mutated, so each is folded once, however often the palette opens. */
const texts = new WeakMap<DossierRow, string>()

/** What a dossier is found by: number, names and title, folded. */
export function textOfDossier(row: DossierRow): string {
  let text = texts.get(row)
  if (text === undefined) {
    texts.set(row, (text = foldFast(`${row.number} ${row.clientName} ${row.partnerName} ${row.title}`)))
  }
  return text
}
