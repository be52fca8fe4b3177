import { afterAll, beforeAll, expect, it } from 'vitest'
import type { DossierRow } from '#shared/contracts/dossier.ts'
import type { Id } from '#shared/contracts/ids.ts'
import type { MyDayChanges } from '#shared/contracts/my-day.ts'
import { newId } from '../../server/new-id.ts'
import type { Screen, SignedIn } from '../harness/member.ts'
import { startSampleOffice, type TestOffice } from '../harness/office.ts'

let office: TestOffice
let admin: Screen
let adviser: SignedIn
let mine: DossierRow[]

beforeAll(async () => {
  office = await startSampleOffice(['admin', 'adviser', 'viewer'], { visitGraceMs: 0 })
  admin = await (await office.signIn('admin')).open()
  adviser = await office.signIn('adviser')
  const me = admin.frame.members.find((m) => m.name === 'Aimée Corsten')!
  const owner = admin.frame.owners.find((o) => o.memberId === me.id)!
  mine = [...admin.workspace.rows.values()].filter((row) => row.ownerId === owner.id && row.status === 'client')
})
afterAll(async () => {
  admin?.close()
  await office?.stop()
})

const myDay = async (member: SignedIn) => (await (await member.get('/api/v1/my-day')).json()) as MyDayChanges
const titled = (dossierId: Id) => admin.send({ type: 'dossier.edit', dossierId, title: `Title ${newId()}` })

/** Asks until it is so: that somebody has gone is written a moment later, and announced to nobody. */
async function until(what: string, isTrue: (day: MyDayChanges) => boolean): Promise<MyDayChanges> {
  for (let tries = 0; tries < 200; tries++) {
    const day = await myDay(adviser)
    if (isTrue(day)) return day
  }
  throw new Error(`asked in vain until ${what}`)
}

it('what others did while one was away is there, by dossier, newest first; one’s own doings are not', async () => {
  const screen = await adviser.open()
  screen.close()
  const left = await until('the visit is kept', (day) => day.since !== null)
  const [a, b, c] = mine
  await titled(a!.id)
  await titled(b!.id)
  await titled(a!.id)
  await adviser.command({ type: 'dossier.edit', dossierId: c!.id, title: 'My own doing' })
  const day = await myDay(adviser)
  expect(day.since).toEqual(left.since)
  expect(day.changes.map(({ dossierId, entries }) => [dossierId, entries.length])).toEqual([
    [a!.id, 2],
    [b!.id, 1],
  ])
  expect(day.changes[0]?.entries[0]).toMatchObject({
    by: admin.memberId,
    type: 'dossier.edited',
    fields: { title: [expect.any(String), expect.any(String)] },
  })
  expect(day.more).toBe(false)
})

it('what is marked as seen is gone, and never comes back by an older mark; a number from the future sees nothing ahead', async () => {
  await titled(mine[0]!.id)
  const before = await myDay(adviser)
  expect(before.changes).not.toEqual([])
  expect((await adviser.post('/api/v1/my-day/seen', { n: 9e9 })).status).toBe(200)
  expect((await myDay(adviser)).changes).toEqual([])
  await titled(mine[1]!.id)
  await adviser.post('/api/v1/my-day/seen', { n: 1 })
  expect((await myDay(adviser)).changes.map(({ dossierId }) => dossierId)).toEqual([mine[1]!.id])
  expect((await adviser.post('/api/v1/my-day/seen', { n: -1 })).status).toBe(422)
})

it('while a screen of one’s is open nothing counts as seen; another session’s leaving neither', async () => {
  const [one, two] = [await adviser.open(), await adviser.open()]
  const { since } = await myDay(adviser)
  await titled(mine[2]!.id)
  await one.until('it has arrived', (s) => s.at >= admin.at)
  two.close()
  await admin.until('both stand at the same number', (s) => s.at === one.at)
  expect((await myDay(adviser)).since?.n).toBe(since?.n)
  one.close()
  const gone = await until('the last one has gone', (day) => day.since?.n !== since?.n)
  expect(gone.changes).toEqual([])
})

it('L2 what one may no longer see is not told, and everybody has a day of their own', async () => {
  await titled(mine[3]!.id)
  expect((await myDay(await office.signIn('viewer'))).changes).toEqual([])
  await admin.send({ type: 'office.changeSettings', seesWhat: 'own' })
  const far = admin.frame.owners.find((o) => o.name === 'Flore Huet')!
  const lyon = admin.frame.divisions.find((d) => d.name === 'Lyon')!
  // nobody's first: the present owner is not in Lyon
  await admin.send({ type: 'dossier.changeOwner', dossierId: mine[4]!.id, ownerId: null })
  expect((await myDay(adviser)).changes.map(({ dossierId }) => dossierId)).toContain(mine[4]!.id)
  expect(await admin.send({ type: 'dossier.changeOwner', dossierId: mine[4]!.id, ownerId: far.id, divisionId: lyon.id })).toMatchObject({
    ok: true,
  })
  expect((await myDay(adviser)).changes.map(({ dossierId }) => dossierId)).toEqual([mine[3]!.id])
})
