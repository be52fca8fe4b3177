import type {
  AbandonDossier,
  ChangeOwner,
  ChangeStatus,
  CreateDossier,
  Dossier,
  DossierChanged,
  DossierField,
  DossierFields,
  EditDossier,
  FieldChanges,
  MoveStage,
  Subject,
} from '#shared/contracts/dossier.ts'
import type { Client } from '#shared/contracts/client.ts'
import type { ClientField } from '#shared/contracts/client-edit.ts'
import type { Id } from '#shared/contracts/ids.ts'
import type { Refusal } from '#shared/contracts/refusals.ts'
import { type DossierAction, can } from '#shared/domain/access.ts'
import { partnerNameOf, personName } from '#shared/domain/household.ts'
import { defaultDivision, ownEntry, refuseTransfer } from '#shared/domain/ownership.ts'
import { isOpen, moveStage as movedStage } from '#shared/domain/pipeline.ts'
import { writeAutomatic } from './automatic-comments.ts'
import type { Context, Decision } from './context.ts'

/** S3.2, S3.3, S0.2: a dossier for an existing client or one typed in, owned by who makes it unless they say otherwise. */
export async function create(context: Context, command: CreateDossier): Decision {
  const { view, actor, now } = context
  if (!can(actor, 'dossier.create')) return { code: 'forbidden', action: 'dossier.create' }
  if (await view.get('dossier', command.dossierId)) return { code: 'idTaken' }
  const own = ownEntry(view.frame, actor.memberId)
  const ownerId = command.ownerId ?? own?.id
  if (!ownerId) return { code: 'ownerNeeded' }
  const owner = view.frame.owners.find((o) => o.id === ownerId) ?? null
  const divisionId = command.divisionId === undefined ? defaultDivision(view.frame, owner) : command.divisionId
  const refusal = refuseTransfer(view.frame, { from: { ownerId: null, divisionId: null }, to: { ownerId, divisionId } })
  if (refusal) return refusal
  const client = await clientFor(context, command.client, { ownerId, divisionId })
  if ('code' in client) return client
  const stage = view.frame.stages[0]
  if (!stage) return { code: 'notFound', what: 'stage' }
  const dossier: Dossier = {
    id: command.dossierId,
    at: view.next,
    number: await nextNumber(context),
    clientId: client.id,
    clientName: personName(client),
    partnerName: partnerNameOf(client),
    title: command.title,
    kind: command.kind,
    ownerId,
    divisionId,
    readerIds: [],
    status: 'prospect',
    stageId: stage.id,
    stageSince: now,
    amount: command.amount,
    createdOn: dateIn(view.frame.office.timeZone, now),
    changedAt: now,
    abandonReason: null,
    subject: client.adviceFor === 'partner' ? 'partner' : 'client',
    provenance: null,
    introducer: null,
    complete: false,
    versions: {},
    stageDates: { [stage.id]: now },
  }
  view.put('dossier', dossier)
  context.emit({ type: 'dossier.created', dossier })
  await writeAutomatic(context, [dossier], null, client)
  return null
}

async function clientFor(
  { view, actor, emit }: Context,
  wanted: CreateDossier['client'],
  place: { ownerId: Id; divisionId: Id | null },
): Promise<Client | Refusal> {
  const known = await view.get('client', wanted.id)
  if (!('new' in wanted)) {
    if (known && (await view.maySeeClient(actor, known))) return known
    return { code: 'notFound', what: 'client' }
  }
  if (known) return { code: 'idTaken' }
  const client: Client = {
    id: wanted.id,
    at: view.next,
    reference: null,
    firstName: wanted.new.firstName,
    lastName: wanted.new.lastName,
    birthDate: null,
    email: null,
    phone: null,
    street: null,
    postcode: null,
    city: null,
    language: null,
    partner: null,
    children: [],
    adviceFor: 'client',
    // S1.2: client ownership is a setting, off by default: no owner is set
    ownerId: null,
    divisionId: place.divisionId,
  }
  view.put('client', client)
  emit({ type: 'client.created', client })
  return client
}

/** The year's next free number, `2026-02779`. */
async function nextNumber({ view, now }: Context): Promise<string> {
  const year = dateIn(view.frame.office.timeZone, now).slice(0, 4)
  const id = `dossierNumber-${year}`
  let { next } = (await view.get('counter', id)) ?? { next: 1 }
  const numberOf = (n: number) => `${year}-${String(n).padStart(5, '0')}`
  while (!(await view.numberIsFree(numberOf(next)))) next++
  view.put('counter', { id, next: next + 1 })
  return numberOf(next)
}

function dateIn(timeZone: string, now: number): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(now)
}

/** S0.3, S4.7: owner and division in one step. */
export async function changeOwner(context: Context, command: ChangeOwner): Decision {
  return onDossier(context, command.dossierId, 'dossier.changeOwner', (dossier) => {
    const { ownerId = dossier.ownerId, divisionId = dossier.divisionId } = command
    const refusal = refuseTransfer(context.view.frame, { from: dossier, to: { ownerId, divisionId } })
    return refusal ?? change(context, 'dossier.ownerChanged', dossier, { ownerId, divisionId })
  })
}

/** S4.9: forward or back along the gauge. */
export async function moveStage(context: Context, command: MoveStage): Decision {
  return onDossier(context, command.dossierId, 'dossier.moveStage', (dossier) => {
    const moved = movedStage(context.view.frame.stages, dossier, command.stageId, context.now)
    return 'refusal' in moved ? moved.refusal : change(context, 'dossier.stageMoved', dossier, moved.fields)
  })
}

/** S4.9: prospect and client are changed into each other as a field. */
export async function changeStatus(context: Context, command: ChangeStatus): Decision {
  return onDossier(context, command.dossierId, 'dossier.edit', (dossier) => {
    if (dossier.status === 'abandoned') return { code: 'abandoned' }
    if (dossier.status === 'closed') return { code: 'closed' }
    return change(context, 'dossier.statusChanged', dossier, { status: command.status })
  })
}

/** S4.2: with one of the seven reasons. */
export async function abandon(context: Context, command: AbandonDossier): Decision {
  return onDossier(context, command.dossierId, 'dossier.abandon', (dossier) => {
    if (dossier.status === 'abandoned') return { code: 'abandoned' }
    if (!isOpen(dossier.status)) return { code: 'closed' }
    return change(context, 'dossier.abandoned', dossier, { status: 'abandoned', abandonReason: command.reason })
  })
}

export async function edit(context: Context, { type: _, dossierId, ...fields }: EditDossier): Decision {
  return onDossier(context, dossierId, 'dossier.edit', (dossier) => change(context, 'dossier.edited', dossier, fields))
}

async function onDossier(
  { view, actor }: Context,
  dossierId: Id,
  action: DossierAction,
  decide: (dossier: Dossier) => Refusal | null | Decision,
): Decision {
  const dossier = await view.get('dossier', dossierId)
  // what one may not see is answered like what does not exist
  if (!dossier || !can(actor, 'dossier.read', dossier)) return { code: 'notFound', what: 'dossier' }
  if (!can(actor, action, dossier)) return { code: 'forbidden', action }
  return decide(dossier)
}

async function change(context: Context, type: DossierChanged['type'], dossier: Dossier, fields: Partial<DossierFields>): Decision {
  const changes = differing(dossier, fields)
  if (Object.keys(changes).length === 0) return null
  const refusal = await refuseOvertaken(context, dossier, changes)
  if (refusal) return refusal
  const subject = write(context, dossier, changes)
  context.emit({ type, subjects: [subject] })
  return null
}

/** Of these fields those that would change, each before and after. */
export function differing(dossier: Dossier, fields: Partial<DossierFields>): FieldChanges {
  return Object.fromEntries(
    Object.entries(fields)
      .filter(([field, after]) => after !== undefined && after !== dossier[field as DossierField])
      .map(([field, after]) => [field, [dossier[field as DossierField], after]]),
  )
}

/** Versions are per field: refused when somebody else has set one of these fields since the sender last looked. */
export async function refuseOvertaken({ view, actor, seen }: Context, dossier: Dossier, changes: FieldChanges): Promise<Refusal | null> {
  if (seen === undefined) return null
  for (const field of Object.keys(changes) as DossierField[]) {
    const version = dossier.versions[field] ?? 0
    if (version <= seen) continue
    const event = await view.event(version)
    if (event && event.by !== actor.memberId) return changedMeanwhile(view.frame, field, event)
  }
  return null
}

/** The refusal that names who set the field. */
export function changedMeanwhile(
  frame: Context['view']['frame'],
  field: DossierField | ClientField,
  event: { by: Id; at: number },
): Refusal {
  const memberName = frame.members.find((m) => m.id === event.by)?.name ?? ''
  return { code: 'changedMeanwhile', field, memberId: event.by, memberName, at: event.at }
}

/** Writes these changes into the dossier under the number the next event will have; returns what the event says of it. */
export function write({ view, now }: Context, dossier: Dossier, changes: FieldChanges): Subject {
  const n = view.next
  const after: Dossier = { ...dossier, at: n, changedAt: now, versions: { ...dossier.versions } }
  Object.assign(after, Object.fromEntries(Object.entries(changes).map(([field, [, value]]) => [field, value])))
  for (const field of Object.keys(changes) as DossierField[]) after.versions[field] = n
  if (changes.stageId) after.stageDates = { ...dossier.stageDates, [after.stageId]: after.stageSince }
  view.put('dossier', after)
  const access = { before: accessOf(dossier), after: accessOf(after) }
  if (changes.ownerId || changes.divisionId) view.fence([dossier.id])
  return { dossierId: dossier.id, fields: changes, access }
}

function accessOf({ divisionId, ownerId, readerIds }: Dossier): Subject['access']['before'] {
  return { divisionId, ownerId, readerIds }
}
