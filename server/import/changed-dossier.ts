import type { Dossier, DossierFields, FieldChanges } from '#shared/contracts/dossier.ts'
import type { Instant } from '#shared/contracts/ids.ts'
import type { FilePlan } from './file-plan.ts'

/** Adds to a plan that these fields of a dossier change. Their versions stand at 0, for the commit to number. */
export function changedDossier(
  plan: Pick<FilePlan, 'puts' | 'subjects' | 'detail'>,
  dossier: Dossier,
  fields: FieldChanges,
  now: Instant,
): void {
  const values = Object.fromEntries(Object.entries(fields).map(([field, [, after]]) => [field, after])) as Partial<DossierFields>
  const versions = { ...dossier.versions, ...Object.fromEntries(Object.keys(fields).map((field) => [field, 0])) }
  const after: Dossier = { ...dossier, ...values, versions, at: 0, changedAt: now }
  if (fields.stageId) after.stageDates = { ...dossier.stageDates, [fields.stageId[1]]: now }
  const access = (of: Dossier) => ({ divisionId: of.divisionId, ownerId: of.ownerId, readerIds: of.readerIds })
  const subject = { dossierId: dossier.id, fields, access: { before: access(dossier), after: access(after) } }
  plan.puts.push({ kind: 'dossier', record: after })
  plan.subjects.push(subject)
  plan.detail.changed.dossiers.push(subject)
}
