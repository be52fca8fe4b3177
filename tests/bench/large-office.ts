import type { Client } from '#shared/contracts/client.ts'
import { abandonReasons, type Dossier, kinds, type Status } from '#shared/contracts/dossier.ts'
import type { Happening, OfficeEvent } from '#shared/contracts/events.ts'
import { newMember, type Member } from '#shared/contracts/member.ts'
import type { Frame } from '#shared/contracts/office.ts'
import { partnerNameOf, personName } from '#shared/domain/household.ts'
import { numberCounters } from '../../server/import/number-counters.ts'
import { readCsv } from '../../server/import/read-csv.ts'
import { defaultStages, sampleFile } from '../../server/sample/office.ts'
import type { Put, Store } from '../../server/store/store.ts'
import { type Random, seeded } from '../store/random.ts'
import type { Session } from './sessions.ts'

export interface Size {
  seed: number
  dossiers: number
  /** How many of them are open. */
  open: number
  members: number
}

const batchDossiers = 5_000
const divisions = ['Amsterdam', 'Antwerpen', 'Bordeaux', 'Genève', 'København', 'Köln', 'Lyon', 'Rotterdam', 'Wealth', 'Zürich']
const titles = ['Consolidation', 'Refinancing', 'Works', 'First home', 'Bridge loan', 'Pension review', 'Second home']
/** Of a hundred open dossiers in the sample, how many stand in each stage. */
const stageShares = [40, 15, 15, 16, 14]
const dayMs = 86_400_000
/** The day on which it was all imported: fixed, so that the same seed makes the same office. */
const importedAt = Date.UTC(2026, 10, 1, 8)

/** The frame of a large office, its members active, to be handed to `writeLargeOffice`. */
export function largeFrame({ seed, members }: Size): Frame {
  const random = seeded(seed)
  const made = divisions.map((name) => ({ id: random.id(), name }))
  const people = Array.from({ length: members }, (_, i): Member => {
    const role = i < 4 ? 'admin' : i < members * 0.1 ? 'manager' : i < members * 0.9 ? 'adviser' : 'clerk'
    const division = made[i % made.length]
    return {
      id: random.id(),
      name: `${random.pick(['Anna', 'Bo', 'Chloé', 'Dörte', 'Émile', 'Freja', 'Gijs'])} Member ${i}`,
      email: `member${i}@office.example`,
      role,
      divisionIds: division ? [division.id] : [],
      language: 'en',
      ...newMember,
      state: 'active',
      colour: i % 6,
    }
  })
  const owners = people
    .filter(({ role }) => role !== 'clerk')
    .map(({ id, name }) => ({ id: random.id(), name, memberId: id, divisionIds: [] }))
  const office = { name: 'Large office', language: 'en', currency: 'EUR', timeZone: 'Europe/Amsterdam' } as const
  return {
    office: { id: random.id(), ...office, divisionsOn: true, seesWhat: 'everyone' },
    members: people,
    owners,
    divisions: made,
    stages: defaultStages(() => random.id()),
  }
}

/** Writes the office straight into a store, as its creation and then import after import would. The same seed, the same office. */
export async function writeLargeOffice(store: Store, frame: Frame, size: Size, sessions: ReadonlyMap<string, Session>): Promise<void> {
  const random = seeded(size.seed + 1)
  const names = await sampleNames()
  const officeId = frame.office.id
  const stamp = (happening: Happening, n: number): OfficeEvent => ({
    ...happening,
    n,
    at: importedAt,
    by: frame.members[0]?.id ?? officeId,
    commandId: random.id(),
  })
  await commit(store, officeId, stamp({ type: 'office.created', frame }, 1), framePuts(frame, sessions))
  const numbers: string[] = []
  for (let from = 0, n = 2; from < size.dossiers; from += batchDossiers, n++) {
    const batch = households(random, names, frame, size, from, Math.min(size.dossiers, from + batchDossiers), n)
    numbers.push(...batch.dossiers.map(({ number }) => number))
    const happening: Happening = { type: 'dossier.imported', clients: batch.clients.length, dossierIds: batch.dossiers.map(({ id }) => id) }
    await commit(store, officeId, stamp(happening, n), [
      ...batch.clients.map((record): Put => ({ kind: 'client', record })),
      ...batch.dossiers.map((record): Put => ({ kind: 'dossier', record })),
      ...numberCounters(numbers, []).map((record): Put => ({ kind: 'counter', record })),
    ])
  }
}

async function commit(store: Store, officeId: string, event: OfficeEvent, puts: Put[]): Promise<void> {
  const result = await store.commit({ officeId, expect: event.n - 1, events: [event], puts, answers: [], fences: [] })
  if (result.kind !== 'done') throw new Error(`the large office could not be written: ${result.kind}`)
}

function framePuts(frame: Frame, sessions: ReadonlyMap<string, Session>): Put[] {
  return [
    { kind: 'office', record: frame.office },
    ...frame.members.map((m): Put => ({ kind: 'member', record: { ...m, accountId: sessions.get(m.email)?.accountId ?? null } })),
    ...frame.owners.map((record): Put => ({ kind: 'owner', record })),
    ...frame.divisions.map((record): Put => ({ kind: 'division', record })),
    ...frame.stages.map((stage, place): Put => ({ kind: 'stage', record: { ...stage, place } })),
  ]
}

interface Names {
  first: string[]
  last: string[]
}

/** First and last names of the sample's clients: as many, and as many different ones, as real offices have. */
async function sampleNames(): Promise<Names> {
  const { rows } = readCsv('clients', await sampleFile('clients'), ['first_name', 'last_name'])
  const column = (name: string) => rows.map(({ cells }) => cells[name] ?? '')
  return { first: column('first_name'), last: column('last_name') }
}

/** Dossiers number `from` up to, not including, `to`, with their clients: one to three of each. */
function households(random: Random, names: Names, frame: Frame, size: Size, from: number, to: number, n: number) {
  const clients: Client[] = []
  const dossiers: Dossier[] = []
  let left = 0
  for (let i = from; i < to; i++) {
    if (left-- <= 0) {
      clients.push(clientOf(random, names, frame, clients.length + from, n))
      left = random.int(3)
    }
    const client = clients.at(-1)
    if (client) dossiers.push(dossierOf(random, frame, client, statusOf(random, i < size.open), i, n))
  }
  return { clients, dossiers }
}

function clientOf(random: Random, { first, last }: Names, frame: Frame, i: number, n: number): Client {
  const lastName = random.pick(last)
  const partner = { firstName: random.pick(first), lastName, birthDate: null, status: 'partner', statusDate: null } as const
  return {
    id: random.id(),
    at: n,
    reference: `L${String(i).padStart(6, '0')}`,
    firstName: random.pick(first),
    lastName,
    birthDate: `19${50 + random.int(50)}-0${1 + random.int(9)}-1${random.int(10)}`,
    email: `client${i}@mail.example`,
    phone: null,
    street: null,
    postcode: null,
    city: null,
    language: 'en',
    partner: random.chance(0.5) ? partner : null,
    children: [],
    adviceFor: 'client',
    ownerId: null,
    divisionId: random.pick(frame.divisions).id,
  }
}

function statusOf(random: Random, isOpen: boolean): Status {
  if (isOpen) return random.chance(0.27) ? 'prospect' : 'client'
  return random.chance(0.46) ? 'abandoned' : 'closed'
}

function dossierOf(random: Random, frame: Frame, client: Client, status: Status, i: number, n: number): Dossier {
  const isOpen = status === 'prospect' || status === 'client'
  const stage = frame.stages[status === 'closed' ? frame.stages.length - 1 : stageIndex(random)]
  const stageSince = importedAt - random.int(isOpen ? 120 : 2_000) * dayMs
  const createdOn = new Date(stageSince - random.int(100) * dayMs).toISOString().slice(0, 10)
  const owner = random.chance(0.98) ? random.pick(frame.owners) : null
  const member = frame.members.find(({ id }) => id === owner?.memberId)
  const stageId = stage?.id ?? ''
  return {
    id: random.id(),
    at: n,
    number: `${createdOn.slice(0, 4)}-${String(i + 1).padStart(5, '0')}`,
    clientId: client.id,
    clientName: personName(client),
    partnerName: partnerNameOf(client),
    title: random.pick(titles),
    kind: random.pick(kinds),
    status,
    stageId,
    stageSince,
    amount: random.chance(0.9) ? (50 + random.int(950)) * 100_000 : null,
    createdOn,
    changedAt: stageSince,
    ownerId: owner?.id ?? null,
    divisionId: member?.divisionIds[0] ?? random.pick(frame.divisions).id,
    readerIds: [],
    abandonReason: status === 'abandoned' ? random.pick(abandonReasons) : null,
    subject: 'client',
    provenance: null,
    introducer: null,
    complete: false,
    versions: {},
    stageDates: { [stageId]: stageSince },
  }
}

function stageIndex(random: Random): number {
  let at = random.int(100)
  return stageShares.findIndex((share) => (at -= share) < 0)
}
