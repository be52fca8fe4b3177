import type { DossierField, DossierFields, FieldChanges } from '#shared/contracts/dossier.ts'
import type { Frame } from '#shared/contracts/office.ts'
import { fieldLabel, kindLabel, statusLabel } from '$lib/field-label.ts'
import { date, money } from '$lib/format.ts'
import { divisionLabel, ownerLabel, stageLabel } from '$lib/people.ts'
import { reasonLabel } from '$lib/reason-label.ts'
import { m } from '$paraglide/messages.js'

/** One changed field in words: empty where there was or is nothing. */
export interface ChangeLine {
  field: DossierField
  label: string
  before: string
  after: string
}

/** A change in words, a line a field. When a stage was entered goes without saying: it is the time of the change. */
export function changeLines(frame: Frame, fields: FieldChanges): ChangeLine[] {
  const lines: ChangeLine[] = []
  const add = <F extends DossierField>(
    field: F,
    change: [DossierFields[F], DossierFields[F]] | undefined,
    words: (v: DossierFields[F]) => string,
  ) => {
    if (change) lines.push({ field, label: fieldLabel(field), before: words(change[0]), after: words(change[1]) })
  }
  add('divisionId', fields.divisionId, (id) => divisionLabel(frame, id))
  add('ownerId', fields.ownerId, (id) => ownerLabel(frame, id))
  add('stageId', fields.stageId, (id) => stageLabel(frame, id))
  add('status', fields.status, statusLabel)
  add('abandonReason', fields.abandonReason, (reason) => (reason === null ? '' : reasonLabel(reason)))
  add('title', fields.title, (title) => title)
  add('kind', fields.kind, (kind) => (kind === null ? '' : kindLabel(kind)))
  add('amount', fields.amount, money)
  add('clientName', fields.clientName, (name) => name)
  add('partnerName', fields.partnerName, (name) => name)
  add('subject', fields.subject, (subject) => (subject === 'client' ? m.common_client() : m.common_partner()))
  add('provenance', fields.provenance, (provenance) => provenance ?? '')
  add('introducer', fields.introducer, (introducer) => introducer ?? '')
  add('complete', fields.complete, (complete) => (complete ? m.dossier_fact_is_complete() : m.dossier_fact_not_complete()))
  add('createdOn', fields.createdOn, date)
  return lines
}
