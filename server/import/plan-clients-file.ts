import type { Client, ClientFields } from '#shared/contracts/client.ts'
import type { ClientChanges } from '#shared/contracts/client-edit.ts'
import type { Dossier, FieldChanges } from '#shared/contracts/dossier.ts'
import type { Id } from '#shared/contracts/ids.ts'
import type { Frame } from '#shared/contracts/office.ts'
import { partnerNameOf, personName } from '#shared/domain/household.ts'
import { planComments } from './automatic-comments.ts'
import { keyOf } from './cells.ts'
import { checkRows, doubles } from './check-rows.ts'
import { clientOf, ClientRow, partnerFaults } from './clients.ts'
import { changedDossier } from './changed-dossier.ts'
import { cellChanges, emptyPlan, type FileInput, type FilePlan, orUsual, overlaid } from './file-plan.ts'
import { lookupOf, ownerFaults } from './lookup.ts'

/** Which of a client's fields each column fills. */
const fieldOf: Readonly<Record<string, keyof ClientFields>> = {
  first_name: 'firstName',
  last_name: 'lastName',
  birth_date: 'birthDate',
  email: 'email',
  phone: 'phone',
  street: 'street',
  postcode: 'postcode',
  city: 'city',
  language: 'language',
  partner_first_name: 'partner',
  partner_last_name: 'partner',
  partner_birth_date: 'partner',
  partner_status: 'partner',
  partner_status_date: 'partner',
  children: 'children',
  advice_for: 'adviceFor',
  owner_email: 'ownerId',
  division: 'divisionId',
}

const nothing = Object.fromEntries(Object.keys(ClientRow.shape).map((field) => [field, '']))

/** A file of households: who is known by their reference is changed, others are made. Dossiers follow where a name is another one. */
export function planClientsFile(input: FileInput): FilePlan {
  const { rows, mapped, known, newId, now } = input
  const plan = emptyPlan()
  const { frame } = known
  const lookup = lookupOf(frame, new Set())
  const byReference = new Map(known.clients.flatMap((client) => (client.reference ? [[client.reference, client] as const] : [])))
  const isDouble = doubles()
  const whole = rows.map((row) => {
    const present = byReference.get((row.cells.client_ref ?? '').trim())
    const cells = overlaid(row, present ? cellsOf(frame, present) : nothing).cells
    return { line: row.line, cells: orUsual(cells, { advice_for: 'client' }) }
  })
  const checked = checkRows('clients', whole, ClientRow, (cells) => [
    ...(isDouble((cells.client_ref ?? '').trim()) ? [{ column: 'client_ref', reason: 'double' } as const] : []),
    ...partnerFaults(cells),
    ...(isMoved(frame, byReference, cells) ? ownerFaults(lookup, cells) : []),
  ])
  plan.faults = checked.faults
  const fields = new Set([...mapped].flatMap((field) => fieldOf[field] ?? []))
  const renamed = new Map<Id, Client>()
  const dossiersOf = Map.groupBy(known.dossiers, ({ clientId }) => clientId)
  checked.values.forEach((row, i) => {
    const present = byReference.get(row.client_ref)
    const client = clientOf(row, lookup, present?.id ?? newId(), 0)
    if (!present) {
      plan.created++
      plan.clientsCreated++
      plan.detail.created.clients.push(client.id)
      return void plan.puts.push({ kind: 'client', record: client })
    }
    const changes = differing(present, client, fields)
    if (Object.keys(changes).length === 0) return void plan.unchanged++
    const after: Client = { ...present, ...valuesOf(changes), at: 0 }
    plan.puts.push({ kind: 'client', record: after })
    plan.detail.changed.clients.push({ id: present.id, fields: changes })
    for (const dossier of dossiersOf.get(present.id) ?? []) planComments(plan, input, dossier, present, after)
    const shown = cellChanges(cellsOf(frame, present), cellsOf(frame, after), mapped)
    plan.changes.push({ line: checked.lines[i] ?? 0, key: row.client_ref, name: personName(after), fields: shown })
    if (personName(after) !== personName(present) || partnerNameOf(after) !== partnerNameOf(present)) renamed.set(after.id, after)
  })
  if (renamed.size > 0) renameDossiers(plan, known.dossiers, renamed, now)
  return plan
}

/** Is it somebody new, or do owner or division become others? What stays as it is is not judged again. */
function isMoved(frame: Frame, byReference: ReadonlyMap<string, Client>, cells: Readonly<Record<string, string>>): boolean {
  const present = byReference.get((cells['client_ref'] ?? '').trim())
  if (!present) return true
  const before = cellsOf(frame, present)
  return keyOf(cells['owner_email']) !== keyOf(before['owner_email']) || keyOf(cells['division']) !== keyOf(before['division'])
}

function differing(present: Client, wanted: Client, fields: ReadonlySet<keyof ClientFields>): ClientChanges {
  const changed = [...fields].filter((field) => JSON.stringify(present[field]) !== JSON.stringify(wanted[field]))
  return Object.fromEntries(changed.map((field) => [field, [present[field], wanted[field]]]))
}

function valuesOf(changes: ClientChanges): Partial<ClientFields> {
  return Object.fromEntries(Object.entries(changes).map(([field, [, after]]) => [field, after]))
}

/** S3.1: the names in a dossier's row are its client's. */
function renameDossiers(plan: FilePlan, dossiers: readonly Dossier[], renamed: ReadonlyMap<Id, Client>, now: number): void {
  for (const dossier of dossiers) {
    const client = renamed.get(dossier.clientId)
    if (!client) continue
    const fields: FieldChanges = {}
    const [name, partner] = [personName(client), partnerNameOf(client)]
    if (name !== dossier.clientName) fields.clientName = [dossier.clientName, name]
    if (partner !== dossier.partnerName) fields.partnerName = [dossier.partnerName, partner]
    if (Object.keys(fields).length > 0) changedDossier(plan, dossier, fields, now)
  }
}

/** A client as a row of a file would say it. */
function cellsOf(frame: Frame, client: Client): Record<string, string> {
  const { partner } = client
  const owner = frame.owners.find((o) => o.id === client.ownerId)
  return {
    client_ref: client.reference ?? '',
    first_name: client.firstName,
    last_name: client.lastName,
    birth_date: client.birthDate ?? '',
    email: client.email ?? '',
    phone: client.phone ?? '',
    street: client.street ?? '',
    postcode: client.postcode ?? '',
    city: client.city ?? '',
    language: client.language ?? '',
    partner_first_name: partner?.firstName ?? '',
    partner_last_name: partner?.lastName ?? '',
    partner_birth_date: partner?.birthDate ?? '',
    partner_status: partner?.status ?? '',
    partner_status_date: partner?.statusDate ?? '',
    children: client.children.map(({ name, birthDate, custody }) => `${name}:${birthDate ?? ''}:${custody}`).join('|'),
    advice_for: client.adviceFor,
    owner_email: frame.members.find((m) => m.id === owner?.memberId)?.email ?? '',
    division: frame.divisions.find((d) => d.id === client.divisionId)?.name ?? '',
  }
}
