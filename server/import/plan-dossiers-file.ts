import { z } from 'zod'
import type { Client } from '#shared/contracts/client.ts'
import { type Dossier, type DossierField, type FieldChanges, kinds } from '#shared/contracts/dossier.ts'
import { abandonReasons } from '#shared/contracts/dossier.ts'
import type { Id, Instant } from '#shared/contracts/ids.ts'
import type { Frame } from '#shared/contracts/office.ts'
import type { Owner } from '#shared/contracts/owner.ts'
import { mayOwnIn } from '#shared/domain/ownership.ts'
import { stageName } from '#shared/domain/pipeline.ts'
import { planComments } from './automatic-comments.ts'
import { keyOf, line, oneOf } from './cells.ts'
import { checkRows, doubles } from './check-rows.ts'
import { changedDossier } from './changed-dossier.ts'
import { dossierOf, DossierRow, placeFaults, reasonWords, subjectFaults } from './dossiers.ts'
import type { CellFault } from './fault.ts'
import { cellChanges, emptyPlan, type FileInput, type FilePlan, orUsual, overlaid } from './file-plan.ts'
import { type Lookup, lookupOf } from './lookup.ts'
import { numberCounters } from './number-counters.ts'
import type { CsvRow } from './read-csv.ts'

/** A row of a file of dossiers: that of the sample, and what an export adds. */
const FileRow = DossierRow.extend({
  kind: oneOf(['', ...kinds]).transform((kind) => kind || null),
  owner: line(120),
  client_ref: line(200),
})
type FileRow = z.output<typeof FileRow>

/** Which of a dossier's fields each column fills. */
const fieldsOf: Readonly<Record<string, readonly DossierField[]>> = {
  title: ['title'],
  kind: ['kind'],
  subject: ['subject'],
  owner_email: ['ownerId'],
  owner: ['ownerId'],
  division: ['divisionId'],
  status: ['status'],
  stage: ['stageId', 'stageSince'],
  created_on: ['createdOn'],
  amount: ['amount'],
  provenance: ['provenance'],
  introducer: ['introducer'],
  complete: ['complete'],
  abandon_reason: ['abandonReason'],
}

const nothing = Object.fromEntries(Object.keys(FileRow.shape).map((field) => [field, '']))

interface Index {
  lookup: Lookup
  mapped: ReadonlySet<string>
  byNumber: ReadonlyMap<string, Dossier>
  byReference: ReadonlyMap<string, Client>
  byId: ReadonlyMap<Id, Client>
}

/** A file of dossiers: who is known by their number is changed, others are made. The note of a known one is not touched. */
export function planDossiersFile(input: FileInput): FilePlan {
  const { rows, mapped, known, newId } = input
  const plan = emptyPlan()
  const index: Index = {
    lookup: lookupOf(known.frame, new Set()),
    mapped,
    byNumber: new Map(known.dossiers.map((dossier) => [dossier.number, dossier])),
    byReference: new Map(known.clients.flatMap((client) => (client.reference ? [[client.reference, client] as const] : []))),
    byId: new Map(known.clients.map((client) => [client.id, client])),
  }
  const isDouble = doubles()
  const whole = rows.map((row) => {
    const present = index.byNumber.get((row.cells.number ?? '').trim())
    const before = present ? cellsOf(known.frame, present, index.byId.get(present.clientId)) : nothing
    const cells = overlaid(row, { ...before, ...unsaid(mapped) }).cells
    return { line: row.line, cells: orUsual(cells, { subject: 'client', complete: 'no' }) }
  })
  const checked = checkRows('dossiers', whole, FileRow, (cells) => [
    ...(isDouble((cells.number ?? '').trim()) ? [{ column: 'number', reason: 'double' } as const] : []),
    ...clientFaults(index, cells),
    ...transferFaults(index, cells),
    ...(isPlacedAnew(index, known.frame, cells) ? placeFaults(index.lookup, cells) : []),
    ...resumeFaults(index, known.frame, cells),
  ])
  plan.faults = checked.faults
  const numbers: string[] = []
  checked.values.forEach((row, i) => {
    const present = index.byNumber.get(row.number)
    const client = present ? index.byId.get(present.clientId) : index.byReference.get(row.client_ref)
    // a checked row names a known client
    if (!client) return
    warn(plan, checked.lines[i] ?? 0, row, client)
    const wanted = dossierFrom(index, row, client, present?.id ?? newId())
    if (!present) {
      numbers.push(row.number)
      planComments(plan, input, wanted, null, client)
      return create(plan, wanted, row.note)
    }
    change(plan, index, known.frame, present, wanted, { line: checked.lines[i] ?? 0, now: input.now })
  })
  plan.puts.push(...numberCounters(numbers, known.counters).map((record) => ({ kind: 'counter' as const, record })))
  return plan
}

/** Owners are told by address or by name: what one of the two says is not kept from the other. */
function unsaid(mapped: ReadonlySet<string>): Record<string, string> {
  if (mapped.has('owner_email') === mapped.has('owner')) return {}
  return mapped.has('owner') ? { owner_email: '' } : { owner: '' }
}

/** Is it new, or does its stage, status or reason become another? What stays as it is is not judged again. */
function isPlacedAnew({ byNumber }: Index, frame: Frame, cells: CsvRow['cells']): boolean {
  const present = byNumber.get((cells.number ?? '').trim())
  if (!present) return true
  const before = cellsOf(frame, present, undefined)
  return ['stage', 'status', 'abandon_reason'].some((field) => keyOf(cells[field]) !== keyOf(before[field]))
}

/** S4.3: what is abandoned is resumed first; a file neither moves it nor makes it a client's again. */
function resumeFaults({ byNumber, lookup }: Index, frame: Frame, cells: CsvRow['cells']): CellFault[] {
  const present = byNumber.get((cells.number ?? '').trim())
  if (present?.status !== 'abandoned') return []
  const stage = lookup.stages.get(keyOf(cells.stage))
  if (stage && stage.id !== present.stageId) return [{ column: 'stage', reason: 'abandoned' }]
  return cells.status?.trim() === 'abandoned' ? [] : [{ column: 'status', reason: 'abandoned' }]
}

function create(plan: FilePlan, dossier: Dossier, note: string): void {
  plan.created++
  plan.dossierIds.push(dossier.id)
  plan.detail.created.dossiers.push(dossier.id)
  plan.puts.push({ kind: 'dossier', record: dossier })
  if (!note.trim()) return
  plan.notes.push({ dossierId: dossier.id, text: note })
  plan.detail.noted.push(dossier.id)
}

function change(
  plan: FilePlan,
  { mapped, byId }: Index,
  frame: Frame,
  present: Dossier,
  wanted: Dossier,
  { line: rowLine, now }: { line: number; now: Instant },
): void {
  const fields: FieldChanges = {}
  const isMoved = wanted.stageId !== present.stageId
  for (const field of new Set([...mapped].flatMap((column) => fieldsOf[column] ?? []))) {
    if (field === 'stageSince') continue
    if (wanted[field] !== present[field]) Object.assign(fields, { [field]: [present[field], wanted[field]] })
  }
  if (isMoved && fields.stageId) fields.stageSince = [present.stageSince, now]
  if (Object.keys(fields).length === 0) return void plan.unchanged++
  changedDossier(plan, present, fields, now)
  const after = { ...present, ...Object.fromEntries(Object.entries(fields).map(([field, [, value]]) => [field, value])) } as Dossier
  const client = byId.get(present.clientId)
  const shown = cellChanges(cellsOf(frame, present, client), cellsOf(frame, after, client), mapped)
  plan.changes.push({ line: rowLine, key: present.number, name: present.clientName, fields: shown })
}

function dossierFrom(index: Index, row: FileRow, client: Client, id: Id): Dossier {
  const made = dossierOf(row, { lookup: index.lookup, client, id, n: 0 })
  return { ...made, kind: row.kind, ownerId: ownerOf(index, row)?.id ?? null }
}

/** By address, else by the name in the directory: a manual entry has no address. Undefined: there is none of that name. */
function ownerOf(
  { lookup }: Index,
  { owner_email: email = '', owner: name = '' }: { owner_email?: string; owner?: string },
): Owner | null | undefined {
  if (keyOf(email)) return lookup.owners.get(keyOf(email))
  return keyOf(name) ? lookup.frame.owners.find((entry) => keyOf(entry.name) === keyOf(name)) : null
}

/** S3.1: a dossier stays with its client. */
function clientFaults(index: Index, cells: CsvRow['cells']): CellFault[] {
  const present = index.byNumber.get((cells.number ?? '').trim())
  const reference = (cells.client_ref ?? '').trim()
  if (!present) return reference ? subjectFaults(index.byReference, cells) : [{ column: 'client_ref', reason: 'missing' }]
  const client = index.byId.get(present.clientId)
  if (reference !== (client?.reference ?? '')) {
    return [{ column: 'client_ref', reason: index.byReference.has(reference) ? 'otherClient' : 'unknownClient' }]
  }
  return cells.subject?.trim() === 'partner' && client?.partner === null ? [{ column: 'subject', reason: 'noPartner' }] : []
}

/** S0.3: owner and division are known, and the next owner and the present one are in the division. */
function transferFaults(index: Index, cells: CsvRow['cells']): CellFault[] {
  const { frame, divisions } = index.lookup
  const column = keyOf(cells.owner_email) || !index.mapped.has('owner') ? 'owner_email' : 'owner'
  const division = divisions.get(keyOf(cells.division)) ?? null
  const faults: CellFault[] = division || !keyOf(cells.division) ? [] : [{ column: 'division', reason: 'unknownDivision' }]
  const owner = ownerOf(index, cells)
  if (owner === undefined) return [...faults, { column, reason: 'unknownOwner' }]
  const isUnlisted = owner === null && keyOf(cells.owner_email) !== ''
  if (isUnlisted) return [...faults, { column, reason: 'notInDirectory' }]
  if (faults.length > 0) return faults
  const present = index.byNumber.get((cells.number ?? '').trim())
  const isMoved = !present || present.divisionId !== (division?.id ?? null) || present.ownerId !== (owner?.id ?? null)
  if (!isMoved) return []
  const before = present ? (frame.owners.find((entry) => entry.id === present.ownerId) ?? null) : null
  const outside = [owner, before].some((entry) => entry && !mayOwnIn(frame, entry, division?.id ?? null))
  return outside ? [{ column, reason: 'ownerNotInDivision' }] : []
}

/** S3.8: an ex-partner or a deceased one is no subject from that day on; what another system has of it is taken all the same. */
function warn(plan: FilePlan, rowLine: number, row: FileRow, { partner }: Client): void {
  if (row.subject !== 'partner' || !partner || partner.status === 'partner' || partner.statusDate === null) return
  if (partner.statusDate < row.created_on) plan.warnings.push({ line: rowLine, reason: 'partnerGone', value: row.number })
}

/** A dossier as a row of a file would say it. */
function cellsOf(frame: Frame, dossier: Dossier, client: Client | undefined): Record<string, string> {
  const owner = frame.owners.find((entry) => entry.id === dossier.ownerId)
  const stage = frame.stages.find((s) => s.id === dossier.stageId)
  const { language } = frame.office
  return {
    number: dossier.number,
    client_ref: client?.reference ?? '',
    title: dossier.title,
    kind: dossier.kind ?? '',
    subject: dossier.subject,
    owner_email: frame.members.find((m) => m.id === owner?.memberId)?.email ?? '',
    owner: owner?.name ?? '',
    division: frame.divisions.find((d) => d.id === dossier.divisionId)?.name ?? '',
    status: dossier.status,
    stage: stage ? stageName(stage, language, language) : '',
    created_on: dossier.createdOn,
    amount: dossier.amount === null ? '' : amountCell(dossier.amount),
    provenance: dossier.provenance ?? '',
    introducer: dossier.introducer ?? '',
    complete: dossier.complete ? 'yes' : 'no',
    abandon_reason: dossier.abandonReason === null ? '' : (reasonWords[abandonReasons.indexOf(dossier.abandonReason)] ?? ''),
    note: '',
  }
}

function amountCell(cents: number): string {
  return cents % 100 === 0 ? String(cents / 100) : (cents / 100).toFixed(2)
}
