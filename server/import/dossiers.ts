import { z } from 'zod'
import { type AbandonReason, abandonReasons, type Dossier, statuses } from '#shared/contracts/dossier.ts'
import type { Id } from '#shared/contracts/ids.ts'
import { partnerNameOf, personName } from '#shared/domain/household.ts'
import { amount, because, date, keyOf, line, oneOf, optional, required } from './cells.ts'
import { checkRows, doubles } from './check-rows.ts'
import type { Fault } from '#shared/contracts/import-fault.ts'
import type { CellFault } from './fault.ts'
import { type Lookup, type NamedClient, ownerFaults } from './lookup.ts'
import type { CsvRow } from './read-csv.ts'

const maxNoteChars = 50_000

/** S4.2: the seven reasons as the files name them, in the order of `abandonReasons`. */
export const reasonWords = ['Abandon projet', 'Banque perso', 'concurrence', 'Refus banque', 'Endettement', 'Surendettement', 'Autre']
const reasons = new Map<string, AbandonReason>(abandonReasons.map((reason, i) => [keyOf(reasonWords[i]), reason]))

/** A row of dossiers.csv. */
export const DossierRow = z.object({
  number: required(40),
  client_ref: required(200),
  title: required(200),
  subject: oneOf(['client', 'partner']),
  owner_email: line(200),
  division: line(120),
  status: oneOf(statuses),
  stage: required(200),
  // instants count from 1970
  created_on: date.pipe(z.string(because('missing')).refine((day) => day >= '1970-01-01', because('notADate'))),
  amount,
  provenance: optional(200),
  introducer: optional(200),
  complete: oneOf(['yes', 'no']).transform((complete) => complete === 'yes'),
  abandon_reason: z
    .string()
    .refine((cell) => keyOf(cell) === '' || reasons.has(keyOf(cell)), because('notAllowed'))
    .transform((cell) => reasons.get(keyOf(cell)) ?? null),
  note: z.string().max(maxNoteChars, because('tooLong')),
})
export type DossierRow = z.output<typeof DossierRow>

/** What dossiers are checked against besides the office. `clients`: by reference; null: not judged, its own row has a fault. */
export interface DossierContext {
  lookup: Lookup
  clients: ReadonlyMap<string, NamedClient | null>
  /** The numbers the office has. */
  taken: Iterable<string>
}

export function checkDossiers(
  rows: readonly CsvRow[],
  { lookup, clients, taken }: DossierContext,
): { values: DossierRow[]; faults: Fault[] } {
  const isDouble = doubles(taken)
  return checkRows('dossiers', rows, DossierRow, (cells) => [
    ...(isDouble((cells.number ?? '').trim()) ? [{ column: 'number', reason: 'double' } as const] : []),
    ...subjectFaults(clients, cells),
    ...ownerFaults(lookup, cells),
    ...placeFaults(lookup, cells),
  ])
}

export function subjectFaults(clients: DossierContext['clients'], cells: CsvRow['cells']): CellFault[] {
  const reference = (cells.client_ref ?? '').trim()
  if (!reference) return []
  const client = clients.get(reference)
  if (client === undefined) return [{ column: 'client_ref', reason: 'unknownClient' }]
  return cells.subject?.trim() === 'partner' && client?.partner === null ? [{ column: 'subject', reason: 'noPartner' }] : []
}

/** S4.2: abandoned with a reason, and only then. S4.9: closed in the closing stage, and only there. */
export function placeFaults(lookup: Lookup, cells: CsvRow['cells']): CellFault[] {
  const faults: CellFault[] = []
  const status = cells.status?.trim()
  const reason = cells.abandon_reason?.trim()
  const stage = lookup.stages.get(keyOf(cells.stage))
  if (!stage && keyOf(cells.stage)) faults.push({ column: 'stage', reason: 'unknownStage' })
  if (stage && stage.closing !== (status === 'closed')) faults.push({ column: 'status', reason: 'statusAndStage' })
  if (status === 'abandoned' && !reason) faults.push({ column: 'abandon_reason', reason: 'reasonMissing' })
  if (status !== 'abandoned' && reason) faults.push({ column: 'abandon_reason', reason: 'reasonWithoutAbandon' })
  return faults
}

/** The record of a checked row, at the number of the import's event. As far as the file tells, nothing has changed since the day it was created. */
export function dossierOf(row: DossierRow, { lookup, client, id, n }: { lookup: Lookup; client: NamedClient; id: Id; n: number }): Dossier {
  const stage = lookup.stages.get(keyOf(row.stage))
  if (!stage) throw new Error('a checked row names a known stage')
  const stageSince = Date.parse(`${row.created_on}T00:00:00Z`)
  return {
    id,
    at: n,
    number: row.number,
    clientId: client.id,
    clientName: personName(client),
    partnerName: partnerNameOf(client),
    title: row.title,
    kind: null,
    status: row.status,
    stageId: stage.id,
    stageSince,
    amount: row.amount,
    createdOn: row.created_on,
    changedAt: stageSince,
    ownerId: lookup.owners.get(keyOf(row.owner_email))?.id ?? null,
    divisionId: lookup.divisions.get(keyOf(row.division))?.id ?? null,
    readerIds: [],
    abandonReason: row.abandon_reason,
    subject: row.subject,
    provenance: row.provenance,
    introducer: row.introducer,
    complete: row.complete,
    versions: {},
    stageDates: { [stage.id]: stageSince },
  }
}
