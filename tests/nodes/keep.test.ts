import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Id } from '#shared/contracts/ids.ts'
import { noteField } from '#shared/contracts/notes-wire.ts'
import { createLog } from '../../server/log.ts'
import { newId } from '../../server/new-id.ts'
import { type RunningServer, startServer } from '../../server/start.ts'
import { openStore } from '../../server/store/open.ts'
import type { Store } from '../../server/store/store.ts'
import { runEntry } from '../harness/command-line.ts'
import { type Screen, signIn } from '../harness/member.ts'
import { password, people, startSampleOffice, testConfig, type TestOffice } from '../harness/office.ts'
import { describeWithMongo } from '../harness/replica-set.ts'
import { judgeNote, openTypist, snapshotClocks, type as typeIn, type Typist, untilSaved } from '../harness/typist.ts'
import { seed, seeded } from '../store/random.ts'
import { type SharedSet, sharedSet } from './shared-set.ts'

let set: SharedSet
let folder: string
let office: TestOffice
let mongodbUri: string
/** A backup that was made while people worked. */
let file: string
let officeId: Id
/** A database that it was restored into. */
let restored: string
/** What the backup must hold: acknowledged commands with their numbers, and words seen or called saved. */
let acknowledged: Map<Id, number>
let clocks: Map<Id, Map<number, number>>

const fresh = () => set.uri(`codossier-keep-${newId()}`)
const entry = (name: 'backup' | 'restore', args: string[], uri: string | null, dataDir = join(folder, 'none')) =>
  runEntry(name, args, dataDir, { MONGODB_URI: uri ?? '' })

describeWithMongo(`backup and restore on a replica set (STORE_SEED=${seed})`, () => {
  beforeAll(async () => {
    set = sharedSet()
    folder = await mkdtemp(join(tmpdir(), 'codossier-keep-'))
    mongodbUri = fresh()
    office = await startSampleOffice(['adviser', 'manager'], { mongodbUri })
    file = join(folder, 'office.tar.gz')
    await backUpInAStorm()
    restored = fresh()
    // a node that was started once makes the database no less empty
    await (await serverOn(restored)).close()
    expect(await entry('restore', [file], restored)).toEqual({ code: 0, said: expect.stringContaining('is as it was at') as string })
  }, 240_000)
  afterAll(async () => {
    await office?.stop()
    await rm(folder, { recursive: true, force: true })
  }, 60_000)

  it('a backup that is made while people work restores to one moment that the log knows, in either store', async () => {
    const dataDir = join(folder, 'restored')
    expect(await entry('restore', [file], null, dataDir)).toMatchObject({ code: 0 })
    const [shared, own] = await Promise.all([openStore({ dataDir, mongodbUri: restored }), openStore({ dataDir, mongodbUri: null })])
    for (const store of [shared, own]) await holdsOneMoment(store)
    expect(await rowsById(shared)).toEqual(await rowsById(own))
    await Promise.all([shared.close(), own.close()])
  })

  it('what is replaced is kept under other names; a browser that was open is told to load the note again, and brings nothing back', async () => {
    const before = await serverOn(restored)
    const member = await signIn(before.url, people.adviser, password)
    const [dossierId = ''] = clocks.keys()
    const typist = await openTypist(member, dossierId)
    const kept = textOf(typist)
    const copy = join(folder, 'copy.tar.gz')
    expect((await entry('backup', [copy], restored)).code).toBe(0)
    for (let i = 0; i < 5; i++) typeIn(typist, () => 0)
    await untilSaved([typist])
    await before.close()
    const replaced = await entry('restore', [copy, '--replace'], restored)
    expect(replaced.code, replaced.said).toBe(0)
    await keepsAside(restored, replaced.said)
    const after = await serverOn(restored, before.port)
    await expect.poll(() => typist.session.status.state, { timeout: 30_000 }).toBe('reload')
    const again = await openTypist(member, dossierId)
    expect(textOf(again)).toBe(kept)
    for (const { session } of [typist, again]) session.destroy()
    expect(await member.command({ type: 'dossier.edit', dossierId, title: 'After the restore' })).toMatchObject({ status: 200 })
    await after.close()
  })

  it('a restore is refused where a node runs, and where there are data', async () => {
    const running = await entry('restore', [file, '--replace'], mongodbUri)
    expect(running).toEqual({ code: 1, said: expect.stringContaining('A server runs on') as string })
    expect(await entry('restore', [file], restored)).toEqual({ code: 1, said: expect.stringContaining('--replace') as string })
  })

  it('a restore that was broken off is begun anew, and until then no node takes it for the whole', async () => {
    const uri = fresh()
    const client = new MongoClient(uri)
    await client.db().collection<{ _id: string; of: string }>('meta').insertOne({ _id: 'copy', of: 'a backup' })
    await client.db().collection<{ _id: string }>('offices').insertOne({ _id: 'half' })
    await client.close()
    await expect(openStore({ dataDir: folder, mongodbUri: uri })).rejects.toThrow('not finished')
    expect(await entry('backup', [join(folder, 'half')], uri)).toMatchObject({ code: 1 })
    const restored = await entry('restore', [file], uri)
    expect(restored.code, restored.said).toBe(0)
    const store = await openStore({ dataDir: folder, mongodbUri: uri })
    expect(await store.offices()).toEqual([officeId])
    await store.close()
  })

  it('what cannot be done is said, and nothing is touched', async () => {
    const uri = fresh()
    const nothing = join(folder, 'nothing')
    expect(await entry('backup', [nothing], uri)).toEqual({ code: 1, said: expect.stringContaining('nothing to back up') as string })
    expect(existsSync(nothing)).toBe(false)
    await writeFile(nothing, 'no backup')
    expect(await entry('restore', [nothing], uri)).toEqual({ code: 1, said: expect.stringContaining('no backup') as string })
    const store = await openStore({ dataDir: folder, mongodbUri: uri })
    expect(await store.offices()).toEqual([])
    await store.close()
  })
})

/** What was there before a restore, by what that said, is as much as there is now. */
async function keepsAside(uri: string, said: string): Promise<void> {
  const [, aside] = /kept as (before-restore-\w+)/.exec(said) ?? []
  const client = new MongoClient(uri)
  const kept = await client.db().collection(`${aside}.dossiers`).estimatedDocumentCount()
  expect(kept).toBe(await client.db().collection('dossiers').estimatedDocumentCount())
  expect(kept).toBeGreaterThan(2_000)
  await client.close()
}

/** Two members send commands and type in notes; in the middle of it a backup is made. */
async function backUpInAStorm(): Promise<void> {
  const random = seeded(seed)
  const members = await Promise.all((['adviser', 'manager'] as const).map((person) => office.signIn(person)))
  const screens = await Promise.all(members.map((member) => member.open()))
  officeId = screens[0]!.frame.office.id
  const dossiers = [...screens[0]!.workspace.rows.values()].filter(({ status }) => status === 'client').slice(0, 40)
  const notes = dossiers.slice(0, 3).map(({ id }) => id)
  const typists = await Promise.all(members.flatMap((member) => notes.map((note) => openTypist(member, note))))
  let goesOn = true
  const done = new Map<Id, number>()
  const enough = Promise.withResolvers<void>()
  const stream = async (screen: Screen): Promise<void> => {
    while (goesOn) {
      const id = newId()
      const command = { type: 'dossier.edit', dossierId: random.pick(dossiers).id, amount: random.int(1_000_000) } as const
      const answer = await screen.send(command, { id, seen: 1_000_000_000 })
      if (answer.ok && answer.n !== null) done.set(id, answer.n)
      for (const typist of typists) typeIn(typist, () => random.int(1_000) / 1_000)
      if (done.size >= 40) enough.resolve()
    }
  }
  const streams = screens.map(stream)
  await enough.promise
  acknowledged = new Map(done)
  clocks = snapshotClocks(typists)
  const { code, said } = await entry('backup', [file], mongodbUri)
  expect(said).toContain('holds one office')
  expect(code).toBe(0)
  goesOn = false
  await Promise.all(streams)
  await untilSaved(typists)
  for (const { session } of typists) session.destroy()
  for (const screen of screens) screen.close()
}

/** The log has no gap and everything that was acknowledged before the backup, no record is newer than it, and notes have what was seen. */
async function holdsOneMoment(store: Store): Promise<void> {
  const number = await store.number(officeId)
  const log = await store.events(officeId, 0, 10_000)
  expect(log.map(({ n }) => n)).toEqual(Array.from({ length: number }, (_, i) => i + 1))
  const numbers = new Map(log.map(({ commandId, n }) => [commandId, n]))
  expect([...acknowledged].filter(([id, n]) => numbers.get(id) !== n)).toEqual([])
  const amounts = new Map<Id, unknown>()
  for (const event of log)
    if (event.type === 'dossier.edited')
      for (const { dossierId, fields } of event.subjects) if (fields.amount) amounts.set(dossierId, fields.amount[1])
  const { at, rows } = await store.rows(officeId)
  expect(at).toBe(number)
  expect(rows.filter((row) => row.at > number)).toEqual([])
  expect(amounts.size).toBeGreaterThan(10)
  expect(rows.filter(({ id, amount }) => amounts.has(id) && amounts.get(id) !== amount)).toEqual([])
  const faults: string[] = []
  for (const [note, must] of clocks) await judgeNote(store, officeId, note, must, faults)
  expect(faults).toEqual([])
}

async function rowsById(store: Store) {
  return (await store.rows(officeId)).rows.sort((a, b) => (a.id < b.id ? -1 : 1))
}

async function serverOn(uri: string, port = 0): Promise<RunningServer> {
  const dataDir = await mkdtemp(join(folder, 'node-'))
  return startServer({ config: { ...testConfig(dataDir, uri), port }, log: createLog('error'), clientDir: null })
}

const textOf = ({ session }: Typist) => session.doc?.getXmlFragment(noteField).toString()
