import type { Client } from '#shared/contracts/client.ts'
import type { Access, Dossier, Subject } from '#shared/contracts/dossier.ts'
import type { Happening, OfficeEvent, Stamped } from '#shared/contracts/events.ts'
import type { Id } from '#shared/contracts/ids.ts'
import { newMember } from '#shared/contracts/member.ts'
import type { Office } from '#shared/contracts/office.ts'
import type { Commit, CopyKey, NoteAppend, PlacedStage, Put, SeatedMember, Store, StoredAnswer, Upload } from '../../server/store/store.ts'
import { seed, seeded } from './random.ts'

/** Ids for tests that need no particular ones. */
const ids = seeded(seed + 1)
export const freshId = (): Id => ids.id()

export const someone = freshId()
export const day = Date.UTC(2026, 10, 23)

export function anOffice(id: Id): Office {
  return { id, name: 'Bureau Sørensen', language: 'nl', currency: 'EUR', timeZone: 'Europe/Brussels', divisionsOn: true, seesWhat: 'own' }
}

export function aMember(fields: Partial<SeatedMember> = {}): SeatedMember {
  return {
    id: freshId(),
    name: 'Ana Lefèbvre',
    email: 'ana@example.org',
    role: 'adviser',
    divisionIds: [],
    language: 'fr',
    ...newMember,
    state: 'active',
    colour: 2,
    accountId: null,
    ...fields,
  }
}

export function aStage(place: number): PlacedStage {
  return { id: freshId(), names: { nl: `Stap ${place}` }, closing: false, usualDays: null, place }
}

export function aClient(fields: Partial<Client> = {}): Client {
  return {
    id: freshId(),
    at: 1,
    reference: null,
    firstName: 'Gayle',
    lastName: 'Kuhlman',
    birthDate: '1980-02-29',
    email: null,
    phone: null,
    street: null,
    postcode: null,
    city: null,
    language: null,
    partner: null,
    children: [{ name: 'Bo', birthDate: null, custody: 'alternating' }],
    adviceFor: 'both',
    ownerId: null,
    divisionId: null,
    ...fields,
  }
}

let numbers = 0

export function aDossier(fields: Partial<Dossier> = {}): Dossier {
  return {
    id: freshId(),
    at: 1,
    number: `2026-${String(++numbers).padStart(6, '0')}`,
    clientId: freshId(),
    clientName: 'Gayle Kuhlman',
    partnerName: '',
    title: 'A house',
    kind: 'mortgage',
    status: 'prospect',
    stageId: 'stage-of-no-office',
    stageSince: day,
    amount: 250_000_00,
    createdOn: '2026-11-23',
    changedAt: day,
    divisionId: null,
    ownerId: null,
    readerIds: [],
    abandonReason: null,
    subject: 'client',
    provenance: 'friend',
    introducer: null,
    complete: true,
    versions: { stageId: 1 },
    stageDates: { 'stage-of-no-office': day },
    ...fields,
  }
}

/** What happened, with the number and whatever of the stamp matters. */
export function anEvent(n: number, happening: Happening, stamp: Partial<Stamped> = {}): OfficeEvent {
  return { ...happening, n, at: day + n, by: someone, commandId: freshId(), ...stamp }
}

/** An event of no consequence to records. */
export function aSetting(n: number, stamp: Partial<Stamped> = {}): OfficeEvent {
  return anEvent(n, { type: 'office.settingsChanged', fields: { divisionsOn: [true, false] } }, stamp)
}

export function anEdit(n: number, dossierIds: readonly Id[], stamp: Partial<Stamped> = {}): OfficeEvent {
  const open: Access = { divisionId: null, ownerId: null, readerIds: [] }
  const subjects: Subject[] = dossierIds.map((dossierId) => ({
    dossierId,
    fields: { title: ['A house', 'A boat 🛶'] },
    access: { before: open, after: open },
  }))
  return anEvent(n, { type: 'dossier.edited', subjects }, stamp)
}

export function anAnswer(fields: Partial<StoredAnswer> = {}): StoredAnswer {
  return { memberId: someone, commandId: freshId(), hash: 'hash', at: day, answer: { ok: true, n: 1 }, ...fields }
}

export function aCommit(officeId: Id, expect: number, parts: Partial<Omit<Commit, 'officeId' | 'expect'>> = {}): Commit {
  return { officeId, expect, events: [], puts: [], answers: [], fences: [], ...parts }
}

/** An office that stands at number 1, with these records. */
export async function anOfficeIn(store: Store, puts: readonly Put[] = [], officeId = freshId()): Promise<Id> {
  const office = anOffice(officeId)
  const frame = { office, members: [], owners: [], divisions: [], stages: [] }
  const founded = await store.commit(
    aCommit(officeId, 0, { events: [anEvent(1, { type: 'office.created', frame })], puts: [{ kind: 'office', record: office }, ...puts] }),
  )
  if (founded.kind !== 'done') throw new Error(`the office could not be founded: ${founded.kind}`)
  return officeId
}

export const put = {
  dossier: (record: Dossier): Put => ({ kind: 'dossier', record }),
  client: (record: Client): Put => ({ kind: 'client', record }),
  member: (record: SeatedMember): Put => ({ kind: 'member', record }),
}

export function anAppend(officeId: Id, note: Id, seq: number, fields: Partial<NoteAppend> = {}): NoteAppend {
  return { officeId, note, epoch: 1, seq, memberId: someone, at: day + seq, bytes: new Uint8Array([seq, 0, 255]), fence: 0, ...fields }
}

export function anUpload(fields: Partial<Upload> = {}): Upload {
  return { id: freshId(), memberId: someone, revision: 1, at: day, doc: '{"rows":1}', ...fields }
}

export function aCopyKey(fields: Partial<CopyKey> = {}): CopyKey {
  const secret = new Uint8Array(32).fill(7)
  return { memberId: someone, device: freshId(), dossierId: freshId(), id: freshId(), secret, session: 'a session', at: day, ...fields }
}
