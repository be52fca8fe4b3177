import type { Dossier, DossierRow } from '#shared/contracts/dossier.ts'
import type { Id } from '#shared/contracts/ids.ts'
import { fold } from '#shared/domain/fold.ts'
import { dossierTexts, searchWords } from '../searched.ts'
import type { DossierDoc } from './collections.ts'

/** The fields of the slim row, for a projection: with a value for each of them, so that none is forgotten. */
const rowFields = {
  ...{ id: 1, at: 1, number: 1, clientId: 1, clientName: 1, partnerName: 1, title: 1, kind: 1, status: 1, stageId: 1, stageSince: 1 },
  ...{ amount: 1, createdOn: 1, changedAt: 1, divisionId: 1, ownerId: 1, readerIds: 1 },
} as const satisfies { [F in keyof DossierRow]: 1 }

/** For a query whose documents are slim rows as they come. */
export const slim = { _id: 0, ...rowFields }
/** For a query whose documents `dossierFrom` reads. */
export const full = { ...slim, detail: 1 }

/** A dossier as it is stored: the slim row in fields, for filters, order and counts; the rest as JSON. */
export function dossierDocument(office: Id, dossier: Dossier): DossierDoc {
  const row = Object.fromEntries(
    Object.keys(rowFields).map((field) => [field, dossier[field as keyof DossierRow]]),
  ) as unknown as DossierRow
  const detail = Object.fromEntries(Object.entries(dossier).filter(([field]) => !(field in rowFields)))
  return {
    office,
    ...row,
    numberKey: fold(dossier.number),
    clientKey: fold(dossier.clientName),
    titleKey: fold(dossier.title),
    words: [...searchWords(dossierTexts(dossier))],
    detail: JSON.stringify(detail),
  }
}

/** A dossier out of a whole document, with all that stands there for filters and order alone. */
export function dossierOf(document: DossierDoc): Dossier {
  const row = Object.fromEntries(Object.keys(rowFields).map((field) => [field, document[field as keyof DossierRow]]))
  return dossierFrom({ ...(row as unknown as DossierRow), detail: document.detail })
}

export function dossierFrom({ detail, ...row }: DossierRow & { detail: string }): Dossier {
  return { ...row, ...(JSON.parse(detail) as Omit<Dossier, keyof DossierRow>) }
}
