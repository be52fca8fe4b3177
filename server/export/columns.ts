import { abandonReasons, type Dossier } from '#shared/contracts/dossier.ts'
import type { Id } from '#shared/contracts/ids.ts'
import type { Frame } from '#shared/contracts/office.ts'
import { stageName } from '#shared/domain/pipeline.ts'
import { reasonWords } from '../import/dossiers.ts'

/** What one cell says: text as it stands, an amount in cents, or a calendar date (`2026-11-23`); null: nothing. */
export type Cell = { text: string } | { cents: number } | { date: string } | null

export interface ExportColumn {
  /** The heading; those of the import have the import's words, and say the same. */
  heading: string
  cell: (dossier: Dossier) => Cell
}

const text = (value: string | null | undefined): Cell => (value ? { text: value } : null)
const day = (instant: number): Cell => ({ date: new Date(instant).toISOString().slice(0, 10) })

/**
 * S4.16: the columns of an export, in their order. Those that the import reads are written in its words, stages in the office's language,
 * so that importing an export changes nothing. The internal note is not among them (S4.15).
 */
export function exportColumns(frame: Frame, references: ReadonlyMap<Id, string>): ExportColumn[] {
  const { language } = frame.office
  const stages = new Map(frame.stages.map((stage) => [stage.id, stageName(stage, language, language)]))
  const divisions = new Map(frame.divisions.map(({ id, name }) => [id, name]))
  const owners = new Map(frame.owners.map((owner) => [owner.id, owner.name]))
  const emails = new Map(frame.members.map(({ id, email }) => [id, email]))
  const ownerEmails = new Map(frame.owners.map(({ id, memberId }) => [id, memberId === null ? undefined : emails.get(memberId)]))
  return [
    { heading: 'number', cell: (d) => text(d.number) },
    { heading: 'client_ref', cell: (d) => text(references.get(d.clientId)) },
    { heading: 'client', cell: (d) => text(d.clientName) },
    { heading: 'partner', cell: (d) => text(d.partnerName) },
    { heading: 'title', cell: (d) => text(d.title) },
    { heading: 'kind', cell: (d) => text(d.kind) },
    { heading: 'subject', cell: (d) => text(d.subject) },
    { heading: 'owner', cell: (d) => text(owners.get(d.ownerId ?? '')) },
    { heading: 'owner_email', cell: (d) => text(ownerEmails.get(d.ownerId ?? '')) },
    { heading: 'division', cell: (d) => text(divisions.get(d.divisionId ?? '')) },
    { heading: 'status', cell: (d) => text(d.status) },
    { heading: 'stage', cell: (d) => text(stages.get(d.stageId)) },
    { heading: 'stage_since', cell: (d) => day(d.stageSince) },
    { heading: 'created_on', cell: (d) => ({ date: d.createdOn }) },
    { heading: 'amount', cell: (d) => (d.amount === null ? null : { cents: d.amount }) },
    { heading: 'provenance', cell: (d) => text(d.provenance) },
    { heading: 'introducer', cell: (d) => text(d.introducer) },
    { heading: 'complete', cell: (d) => text(d.complete ? 'yes' : 'no') },
    { heading: 'abandon_reason', cell: (d) => text(d.abandonReason && reasonWords[abandonReasons.indexOf(d.abandonReason)]) },
  ]
}
