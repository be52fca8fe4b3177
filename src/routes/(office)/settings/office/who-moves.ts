import type { DossierRow } from '#shared/contracts/dossier.ts'
import type { Frame } from '#shared/contracts/office.ts'
import { actorOf, maySee } from '#shared/domain/access.ts'

/** How many active members see less where each sees their own than where everyone sees all. */
export function whoMoves(frame: Frame, rows: readonly DossierRow[]): number {
  const own: Frame = { ...frame, office: { ...frame.office, seesWhat: 'own' } }
  return frame.members.filter(({ id }) => {
    const actor = actorOf(own, id)
    return actor && rows.some((row) => !maySee(actor, row))
  }).length
}
