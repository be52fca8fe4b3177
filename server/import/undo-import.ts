import type { Client } from '#shared/contracts/client.ts'
import type { Dossier, DossierFields, Subject } from '#shared/contracts/dossier.ts'
import type { Id } from '#shared/contracts/ids.ts'
import type { FrameImport, ImportDetail, ImportSummary } from '#shared/contracts/import.ts'
import type { Member } from '#shared/contracts/member.ts'
import type { Refusal } from '#shared/contracts/refusals.ts'
import { isCommentEvent } from '#shared/domain/comments.ts'
import { personName } from '#shared/domain/household.ts'
import { inverse } from '#shared/domain/undo.ts'
import { frameOf } from './frame-of.ts'
import { refuseUndo } from './refuse-undo.ts'
import type { Drop, Put, Store } from '../store/store.ts'
import type { Planned } from './worker-messages.ts'

type Undo = Omit<Planned, 'bulk'> & { puts: Put[]; drops: Drop[] }

/** What changed since, in a word that a person knows it by, and the number of the event that says who. */
interface Since {
  what: string
  n: number
}

/**
 * How to take an import back as a whole: everything it made goes, everything it changed is as it was. Refused, naming what and who, as soon
 * as anything in it has changed since, or somebody has written in one of its notes.
 */
export async function planUndo(store: Store, officeId: Id, importId: Id): Promise<{ refusal: Refusal } | { undo: Undo }> {
  const base = await store.number(officeId)
  const [summary, detail] = await Promise.all([store.get(officeId, 'import', importId), store.get(officeId, 'importDetail', importId)])
  if (!summary || !detail) return { refusal: { code: 'notFound', what: 'change' } }
  if (summary.undone) return { refusal: { code: 'undoNotPossible', reason: 'alreadyUndone' } }
  const dossiers = await store.many(officeId, 'dossier', [
    ...detail.created.dossiers,
    ...detail.changed.dossiers.map(({ dossierId }) => dossierId),
  ])
  const clients = await store.many(officeId, 'client', [...detail.created.clients, ...detail.changed.clients.map(({ id }) => id)])
  const since =
    changedDossier(dossiers, detail, summary.n) ??
    changedClient(clients, detail, summary.n) ??
    (await writtenNote(store, officeId, dossiers, detail)) ??
    (await commented(store, officeId, dossiers, detail, summary.n)) ??
    (await usedClient(store, officeId, detail)) ??
    (await changedPeople(store, officeId, detail, summary.n))
  if (since) return { refusal: { code: 'changedSince', what: since.what, memberName: await nameOf(store, officeId, since.n) } }
  const undo = await undoOf(store, officeId, { base, summary, detail, dossiers, clients })
  const refusal = refuseUndo(await frameOf(store, officeId), undo)
  return refusal ? { refusal } : { undo }
}

async function nameOf(store: Store, officeId: Id, n: number): Promise<string> {
  const [event] = n > 0 ? await store.events(officeId, n - 1, 1) : []
  return event ? ((await store.get(officeId, 'member', event.by))?.name ?? '') : ''
}

function changedDossier(dossiers: readonly Dossier[], { created, changed }: ImportDetail, n: number): Since | null {
  if (dossiers.length < created.dossiers.length + changed.dossiers.length) return { what: '', n: 0 }
  const later = dossiers.find(({ at }) => at !== n)
  return later ? { what: later.number, n: later.at } : null
}

function changedClient(clients: readonly Client[], { created, changed }: ImportDetail, n: number): Since | null {
  if (clients.length < created.clients.length + changed.clients.length) return { what: '', n: 0 }
  const later = clients.find(({ at }) => at !== n)
  return later ? { what: personName(later), n: later.at } : null
}

/** What is written in a note has no number in the log: the note is named, not who wrote. */
async function writtenNote(store: Store, officeId: Id, dossiers: readonly Dossier[], detail: ImportDetail): Promise<Since | null> {
  const noted = new Set(detail.noted)
  const lengths = await store.noteLengths(officeId, detail.created.dossiers)
  const written = detail.created.dossiers.find((id) => (lengths.get(id) ?? 0) > (noted.has(id) ? 1 : 0))
  return written === undefined ? null : { what: dossiers.find(({ id }) => id === written)?.number ?? '', n: 0 }
}

/** Somebody has commented on a dossier that it made: the log since is looked through, page by page. */
async function commented(
  store: Store,
  officeId: Id,
  dossiers: readonly Dossier[],
  { created }: ImportDetail,
  n: number,
): Promise<Since | null> {
  const made = new Set(created.dossiers)
  for (let after = n; made.size > 0;) {
    const events = await store.events(officeId, after, 1_000)
    for (const event of events) {
      if (!isCommentEvent(event) || event.comment.authorId === null || !made.has(event.comment.dossierId)) continue
      return { what: dossiers.find(({ id }) => id === event.comment.dossierId)?.number ?? '', n: event.n }
    }
    if (events.length < 1_000) return null
    after = events.at(-1)?.n ?? after
  }
  return null
}

/** A client that it made has got a dossier meanwhile. */
async function usedClient(store: Store, officeId: Id, { created }: ImportDetail): Promise<Since | null> {
  const made = new Set(created.clients)
  if (made.size === 0) return null
  const { rows } = await store.rows(officeId)
  const user = rows.find(({ clientId }) => made.has(clientId))
  return user ? { what: user.number, n: user.at } : null
}

async function changedPeople(store: Store, officeId: Id, { created, changed }: ImportDetail, n: number): Promise<Since | null> {
  for (const id of [...created.members, ...changed.members.map((member) => member.id)]) {
    const later = (await store.history(officeId, id, 1))[0]
    if (later && later.n > n) return { what: (await store.get(officeId, 'member', id))?.name ?? '', n: later.n }
  }
  const owners = new Set(created.owners)
  const divisions = new Set(created.divisions)
  if (owners.size + divisions.size === 0) return null
  const { rows } = await store.rows(officeId)
  const row = rows.find(({ ownerId, divisionId }) => (ownerId && owners.has(ownerId)) || (divisionId && divisions.has(divisionId)))
  if (row) return { what: row.number, n: row.at }
  const renamed = await renamedDivision(store, officeId, divisions, n)
  if (renamed) return renamed
  const ownMembers = new Set([...created.members, ...changed.members.map(({ id }) => id)])
  const members = await store.all(officeId, 'member')
  const other = members.find((m) => !ownMembers.has(m.id) && m.divisionIds.some((id) => divisions.has(id)))
  if (other) return { what: other.name, n: (await store.history(officeId, other.id, 1))[0]?.n ?? 0 }
  return clientIn(store, officeId, owners, divisions)
}

/** Divisions have no history of their own: the log since is looked through, page by page. */
async function renamedDivision(store: Store, officeId: Id, divisions: ReadonlySet<Id>, n: number): Promise<Since | null> {
  for (let after = n; divisions.size > 0;) {
    const events = await store.events(officeId, after, 1_000)
    for (const event of events)
      if (event.type === 'division.renamed' && divisions.has(event.divisionId)) return { what: event.name[1], n: event.n }
    if (events.length < 1_000) return null
    after = events.at(-1)?.n ?? after
  }
  return null
}

async function clientIn(store: Store, officeId: Id, owners: ReadonlySet<Id>, divisions: ReadonlySet<Id>): Promise<Since | null> {
  for (let after: Id | null = null; ;) {
    const page: Client[] = await store.page(officeId, 'client', after, 2_000)
    if (page.length === 0) return null
    const found = page.find(({ ownerId, divisionId }) => (ownerId && owners.has(ownerId)) || (divisionId && divisions.has(divisionId)))
    if (found) return { what: personName(found), n: found.at }
    after = page.at(-1)?.id ?? null
  }
}

interface Found {
  base: number
  summary: ImportSummary
  detail: ImportDetail
  dossiers: readonly Dossier[]
  clients: readonly Client[]
}

async function undoOf(store: Store, officeId: Id, { base, summary, detail, dossiers, clients }: Found): Promise<Undo> {
  const { created, changed } = detail
  const byId = new Map<Id, Dossier>(dossiers.map((dossier) => [dossier.id, dossier]))
  const subjects = changed.dossiers.map(({ dossierId, fields, access }): Subject => ({
    dossierId,
    fields: inverse(fields),
    access: { before: access.after, after: access.before },
  }))
  const clientsById = new Map(clients.map((client) => [client.id, client]))
  const puts: Put[] = [
    ...subjects.flatMap((subject) => restoredDossier(byId.get(subject.dossierId), subject)),
    ...changed.clients.flatMap(({ id, fields }): Put[] => {
      const client = clientsById.get(id)
      const before = Object.fromEntries(Object.entries(fields).map(([field, [value]]) => [field, value]))
      return client ? [{ kind: 'client', record: { ...client, ...before, at: 0 } }] : []
    }),
  ]
  const drops: Drop[] = [
    ...created.dossiers.map((id): Drop => ({ kind: 'dossier', id })),
    ...created.clients.map((id): Drop => ({ kind: 'client', id })),
    ...created.members.map((id): Drop => ({ kind: 'member', id })),
    ...created.owners.map((id): Drop => ({ kind: 'owner', id })),
    ...created.divisions.map((id): Drop => ({ kind: 'division', id })),
  ]
  return {
    base,
    puts,
    drops,
    smallPuts: [],
    frame: await frameBefore(store, officeId, detail),
    subjects,
    dossierIds: created.dossiers,
    clientsCreated: 0,
    counts: summary.counts,
    detail,
    notes: [],
    touched: [...created.dossiers, ...created.clients, ...changed.clients.map(({ id }) => id), ...subjects.map((s) => s.dossierId)],
    gone: { members: created.members, owners: created.owners, divisions: created.divisions },
  }
}

function restoredDossier(dossier: Dossier | undefined, { fields }: Subject): Put[] {
  if (!dossier) return []
  const before = Object.fromEntries(Object.entries(fields).map(([field, [, value]]) => [field, value])) as Partial<DossierFields>
  const versions = { ...dossier.versions, ...Object.fromEntries(Object.keys(fields).map((field) => [field, 0])) }
  return [{ kind: 'dossier', record: { ...dossier, ...before, versions, at: 0 } }]
}

async function frameBefore(store: Store, officeId: Id, { created, changed }: ImportDetail): Promise<FrameImport> {
  const members: Member[] = []
  for (const { id, fields } of changed.members) {
    const member = await store.get(officeId, 'member', id)
    if (!member) continue
    const { accountId: _, ...known } = member
    members.push({ ...known, ...Object.fromEntries(Object.entries(fields).map(([field, [value]]) => [field, value])) })
  }
  const divisions = await store.all(officeId, 'division')
  // S0.8: the import brought the first divisions, and with them the setting
  const broughtAll = created.divisions.length > 0 && divisions.every(({ id }) => created.divisions.includes(id))
  return { members, owners: changed.owners.map(({ before }) => before), divisions: [], ...(broughtAll && { divisionsOn: false }) }
}
