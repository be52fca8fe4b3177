import type { DossierRow } from '#shared/contracts/dossier.ts'
import type { Id } from '#shared/contracts/ids.ts'
import type { Frame } from '#shared/contracts/office.ts'

/** What a division holds as far as this screen knows: clients are counted by the server. */
export interface Holding {
  people: number
  dossiers: number
}

/** What each division holds; `people`: members and entries of the directory that have no account. */
export function held(frame: Frame, rows: Iterable<DossierRow>): Map<Id, Holding> {
  const holdings = new Map(frame.divisions.map(({ id }): [Id, Holding] => [id, { people: 0, dossiers: 0 }]))
  const people = [...frame.members, ...frame.owners.filter(({ memberId }) => memberId === null)]
  for (const { divisionIds } of people) {
    for (const id of divisionIds) {
      const holding = holdings.get(id)
      if (holding) holding.people++
    }
  }
  for (const { divisionId } of rows) {
    const holding = divisionId === null ? undefined : holdings.get(divisionId)
    if (holding) holding.dossiers++
  }
  return holdings
}
