import type { Client } from '#shared/contracts/client.ts'
import type { ClientChanges, ClientEdited, ClientField, EditClient } from '#shared/contracts/client-edit.ts'
import type { Dossier, FieldChanges, Subject } from '#shared/contracts/dossier.ts'
import type { OfficeEvent } from '#shared/contracts/events.ts'
import type { Id } from '#shared/contracts/ids.ts'
import type { Refusal } from '#shared/contracts/refusals.ts'
import { rights } from '#shared/domain/access.ts'
import { partnerNameOf, personName } from '#shared/domain/household.ts'
import { writeAutomatic } from './automatic-comments.ts'
import type { Context, Decision } from './context.ts'
import { changedMeanwhile, write } from './dossier.ts'

type Edit = OfficeEvent & ClientEdited

/**
 * S3.1: the fields given are set, once and for everybody; the names in the client's dossiers follow. Refused with `changedMeanwhile`
 * where somebody else has set one of these very fields since the sender last looked.
 */
export async function edit(context: Context, { clientId, fields }: EditClient): Decision {
  const client = await editable(context, clientId)
  if ('code' in client) return client
  const changes = differing(client, fields)
  if (Object.keys(changes).length === 0) return null
  const refusal = await refuseOvertaken(context, client, changes)
  return refusal ?? change(context, client, changes)
}

/** L4: the values before an edit come back, by the right that setting them by hand needs, unless one of them has been set since. */
export async function undoEdit(context: Context, event: Edit): Decision {
  const client = await editable(context, event.clientId)
  if ('code' in client) return client
  const later = (await context.view.editsOf(client.id, event.n)).find((edited) => shared(edited.fields, event.fields))
  if (later?.undoes === event.n) return { code: 'undoNotPossible', reason: 'alreadyUndone' }
  const field = later && shared(later.fields, event.fields)
  if (field) return changedMeanwhile(context.view.frame, field, later)
  const back: ClientChanges = Object.fromEntries(Object.entries(event.fields).map(([name, [before, after]]) => [name, [after, before]]))
  // a file may have set it since, which says so of no field in particular
  const isAsLeft = fieldsOf(back).every((name) => same(client[name], back[name]?.[0]))
  return isAsLeft ? change(context, client, back, event.n) : { code: 'undoNotPossible', reason: 'notUndoable' }
}

/** The client, if the actor may see it (by itself or by any of its dossiers) and may edit what they see. */
async function editable({ view, actor }: Context, clientId: Id): Promise<Client | Refusal> {
  const client = await view.get('client', clientId)
  if (!client || !(await view.maySeeClient(actor, client))) return { code: 'notFound', what: 'client' }
  return rights['client.edit'][actor.role] === 'all' ? client : { code: 'forbidden', action: 'client.edit' }
}

function differing(client: Client, fields: EditClient['fields']): ClientChanges {
  const changed = Object.entries(fields).filter(([field, after]) => after !== undefined && !same(client[field as ClientField], after))
  return Object.fromEntries(changed.map(([field, after]) => [field, [client[field as ClientField], after]]))
}

async function refuseOvertaken({ view, actor, seen }: Context, client: Client, changes: ClientChanges): Promise<Refusal | null> {
  if (seen === undefined || client.at <= seen) return null
  for (const edited of await view.editsOf(client.id, seen)) {
    const field = shared(changes, edited.fields)
    if (field && edited.by !== actor.memberId) return changedMeanwhile(view.frame, field, edited)
  }
  // a file sets whole clients: which of their fields is not in the log
  const last = await view.event(client.at)
  const [field] = fieldsOf(changes)
  const isImport = last?.type === 'dossier.imported' || last?.type === 'import.undone'
  return field && isImport && last.by !== actor.memberId ? changedMeanwhile(view.frame, field, last) : null
}

async function change(context: Context, client: Client, changes: ClientChanges, undoes?: number): Promise<null> {
  const { view } = context
  const values = Object.fromEntries(Object.entries(changes).map(([field, [, after]]) => [field, after]))
  const after: Client = { ...client, ...values, at: view.next }
  view.put('client', after)
  const dossiers = await view.dossiersOf(client.id)
  const subjects = dossiers.map((dossier) => subjectOf(context, dossier, after))
  const access = { divisionId: after.divisionId, ownerId: after.ownerId, readerIds: [] }
  context.emit({ type: 'client.edited', clientId: client.id, fields: changes, access, subjects, ...(undoes !== undefined && { undoes }) })
  await writeAutomatic(context, dossiers, client, after)
  return null
}

/** A dossier of the client: written where the names in its row are others now. */
function subjectOf(context: Context, dossier: Dossier, client: Client): Subject {
  const [name, partner] = [personName(client), partnerNameOf(client)]
  const fields: FieldChanges = {
    ...(name !== dossier.clientName && { clientName: [dossier.clientName, name] }),
    ...(partner !== dossier.partnerName && { partnerName: [dossier.partnerName, partner] }),
  }
  if (Object.keys(fields).length > 0) return write(context, dossier, fields)
  const { divisionId, ownerId, readerIds } = dossier
  const access = { divisionId, ownerId, readerIds }
  return { dossierId: dossier.id, fields, access: { before: access, after: access } }
}

function shared(a: ClientChanges, b: ClientChanges): ClientField | undefined {
  return fieldsOf(a).find((field) => b[field] !== undefined)
}

function fieldsOf(changes: ClientChanges): ClientField[] {
  return Object.keys(changes) as ClientField[]
}

/** Partner and children are whole values: every schema parses their parts in one order. */
function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
