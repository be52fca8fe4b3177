import { expect, it } from 'vitest'
import type { Client } from '#shared/contracts/client.ts'
import { type Dossier, kinds, statuses } from '#shared/contracts/dossier.ts'
import type { Id } from '#shared/contracts/ids.ts'
import { rowOf } from '#shared/domain/apply.ts'
import { fold } from '#shared/domain/fold.ts'
import { personName } from '#shared/domain/household.ts'
import type { DossierFilter, DossierSort, Put, Store } from '../../../server/store/store.ts'
import type { Make } from '../contract.ts'
import { Model } from '../model.ts'
import { type Random, seed, seeded } from '../random.ts'
import { aClient, aCommit, aDossier, anOfficeIn, aSetting, put, someone } from '../samples.ts'

const names = [
  'Ana',
  'ana',
  'Ánà',
  'Bo',
  'Sørensen',
  'Sorensen',
  'Æbeltoft',
  'Straße',
  'Strasse',
  'O’Brien',
  'Jean-Pierre',
  '李',
  '𐐷eseret',
  '🏡',
  'zz',
]
const sorts: DossierSort[] = ['number', 'clientName', 'title', 'amount', 'createdOn', 'changedAt', 'stageSince']

/** Filter, sort, page, rows and counts, against the plain model, on random offices that change. */
export function listContract(make: Make): void {
  it(`pages, totals, counts, rows and clients are those of the model (STORE_SEED=${seed})`, async () => {
    const { store } = await make()
    const random = seeded(seed)
    const world = worldOf(random)
    const model = new Model()
    const officeId = await anOfficeIn(store)
    for (let n = 2; n < 12; n++) {
      const puts = somePuts(random, world, model, n)
      expect(await store.commit(aCommit(officeId, n - 1, { events: [aSetting(n)], puts }))).toEqual({ kind: 'done' })
      model.apply(puts)
      await compareRows(store, officeId, model, random, world, n)
      for (let i = 0; i < 15; i++) await compareLists(store, officeId, model, random, world)
    }
  })

  it('an office without dossiers has empty lists', async () => {
    const { store } = await make()
    const officeId = await anOfficeIn(store)
    const list = await store.dossiers(officeId, {}, { by: 'title', descending: true }, { offset: 0, limit: 10 })
    expect(list).toEqual({ total: 0, dossiers: [] })
    expect(await store.rows(officeId)).toEqual({ at: 1, rows: [] })
    expect(await store.boardCounts(officeId, {})).toEqual([])
    expect(await store.rowsOf(officeId, [])).toEqual([])
    expect(await store.rowsBeside(officeId, { memberId: someone, divisionIds: [], ownerIds: [] })).toEqual([])
    expect(await store.clientsIn(officeId, officeId)).toBe(0)
    expect(await store.clients(officeId, [], 10)).toEqual([])
  })

  it('sums amounts beyond what an integer holds', async () => {
    const { store } = await make()
    const amount = 2 ** 52
    const dossiers = Array.from({ length: 3 }, () => aDossier({ amount }))
    const officeId = await anOfficeIn(store, dossiers.map(put.dossier))
    const [counted] = await store.boardCounts(officeId, {})
    expect(counted).toMatchObject({ count: 3, sum: 3 * amount })
  })
}

interface World {
  owners: Id[]
  divisions: Id[]
  stages: Id[]
  members: Id[]
}

function worldOf(random: Random): World {
  const some = (length: number) => Array.from({ length }, random.id)
  return { owners: some(4), divisions: some(3), stages: some(4), members: some(4) }
}

function somePuts(random: Random, world: World, model: Model, n: number): Put[] {
  const dossiers = [...model.dossiers.values()]
  const puts: Put[] = []
  for (let i = 0; i < 15; i++) {
    const client = aClient(clientFields(random, world))
    puts.push(put.client(client))
    const known = dossiers.length > 0 && random.chance(0.3) ? random.pick(dossiers) : null
    const { id, number } = known ?? { id: random.id(), number: `${random.pick(['2026-', 'b', 'B', 'Ü'])}${n}/${i}` }
    puts.push(put.dossier(aDossier({ id, number, clientId: client.id, at: n, ...dossierFields(random, world, client) })))
  }
  if (model.clients.size > 0) {
    const { id } = random.pick([...model.clients.values()])
    puts.push(put.client(aClient({ id, ...clientFields(random, world) })))
  }
  return puts
}

function clientFields(random: Random, world: World): Partial<Client> {
  const partner = { firstName: random.pick(names), lastName: random.pick(names), birthDate: null, statusDate: null } as const
  return {
    firstName: random.chance(0.1) ? '' : random.pick(names),
    lastName: random.pick(names),
    reference: random.chance(0.5) ? null : `K-${random.int(100)}`,
    partner: random.chance(0.5) ? null : { ...partner, status: random.pick(['partner', 'ex']) },
    ownerId: random.chance(0.5) ? null : random.pick(world.owners),
    divisionId: random.chance(0.5) ? null : random.pick(world.divisions),
  }
}

function dossierFields(random: Random, world: World, client: Client): Partial<Dossier> {
  return {
    clientName: personName(client),
    partnerName: random.chance(0.5) ? '' : `${random.pick(names)} ${random.pick(names)}`,
    title: `${random.pick(names)} (${random.pick(names)}) & 1/2`,
    kind: random.chance(0.2) ? null : random.pick(kinds),
    status: random.pick(statuses),
    stageId: random.pick(world.stages),
    stageSince: random.int(5),
    amount: random.chance(0.3) ? null : random.int(6) * 1_000,
    createdOn: `2026-01-0${1 + random.int(9)}`,
    changedAt: random.int(5),
    ownerId: random.chance(0.3) ? null : random.pick(world.owners),
    divisionId: random.chance(0.3) ? null : random.pick(world.divisions),
    readerIds: world.members.filter(() => random.chance(0.15)),
  }
}

function aReach(random: Random, world: World): NonNullable<DossierFilter['reach']> {
  return {
    memberId: random.pick(world.members),
    divisionIds: world.divisions.filter(() => random.chance(0.3)),
    ownerIds: world.owners.filter(() => random.chance(0.25)),
  }
}

/** The beginning of a word that is there, or anything; sometimes two. */
function someWords(random: Random): string[] {
  const word = () => {
    const letters = [...fold(random.pick([...names, '2026-', 'K-', '1/2', '(', 'pierre', 'brien', 'nobody']))]
    return letters.slice(0, 1 + random.int(letters.length)).join('')
  }
  return random.chance(0.7) ? [word()] : [word(), word()]
}

function aFilter(random: Random, world: World, model: Model): DossierFilter {
  const known = random.pick([...model.dossiers.values()])
  return {
    ...(random.chance(0.1) && { number: known?.number ?? '' }),
    ...(random.chance(0.1) && { clientId: known?.clientId ?? '' }),
    ...(random.chance(0.3) && { status: statuses.filter(() => random.chance(0.4)) }),
    ...(random.chance(0.2) && { ownerId: random.chance(0.3) ? null : random.pick(world.owners) }),
    ...(random.chance(0.2) && { divisionId: random.chance(0.3) ? null : random.pick(world.divisions) }),
    ...(random.chance(0.2) && { stageId: random.pick(world.stages) }),
    ...(random.chance(0.3) && { words: someWords(random) }),
    ...(random.chance(0.3) && { reach: aReach(random, world) }),
  }
}

async function compareLists(store: Store, officeId: Id, model: Model, random: Random, world: World): Promise<void> {
  const filter = aFilter(random, world, model)
  const sort = { by: random.pick(sorts), descending: random.chance(0.5) }
  const page = { offset: random.pick([0, 0, 3, 50, 1_000]), limit: random.pick([1, 7, 1_000]) }
  const asked = JSON.stringify({ filter, sort, page })
  expect(await store.dossiers(officeId, filter, sort, page), asked).toEqual(model.page(filter, sort, page.offset, page.limit))

  const counts = await store.boardCounts(officeId, filter)
  const byKey = new Map(counts.map(({ stageId, status, count, sum }) => [`${stageId} ${status}`, { count, sum }]))
  expect(byKey.size, asked).toBe(counts.length)
  expect(byKey, asked).toEqual(model.counts(filter))

  const words = random.chance(0.2) ? [] : someWords(random)
  const reach = random.chance(0.5) ? aReach(random, world) : undefined
  const limit = random.pick([1, 20, 1_000])
  expect(await store.clients(officeId, words, limit, reach), JSON.stringify({ words, limit, reach })).toEqual(
    model.search(words, limit, reach),
  )
}

async function compareRows(store: Store, officeId: Id, model: Model, random: Random, world: World, n: number): Promise<void> {
  const byId = (a: { id: Id }, b: { id: Id }) => (a.id < b.id ? -1 : 1)
  const expected = model.rows().sort(byId)
  const { at, rows } = await store.rows(officeId)
  expect(at).toBe(n)
  expect(rows.sort(byId)).toStrictEqual(expected)
  const wanted = expected.filter(() => random.chance(0.5))
  const ids = [...wanted, ...wanted.slice(0, 3)].map((row) => row.id)
  expect((await store.rowsOf(officeId, [...ids, random.id()])).sort(byId)).toStrictEqual(wanted)
  const reach = aReach(random, world)
  const inside = (row: { divisionId: Id | null }) => row.divisionId !== null && reach.divisionIds.includes(row.divisionId)
  const beside = model.matching({ reach }).filter((dossier) => !inside(dossier))
  expect((await store.rowsBeside(officeId, reach)).sort(byId)).toStrictEqual(beside.map(rowOf).sort(byId))
  for (const divisionId of [...world.divisions, random.id()]) {
    const clients = [...model.clients.values()].filter((client) => client.divisionId === divisionId)
    expect(await store.clientsIn(officeId, divisionId)).toBe(clients.length)
  }
}
