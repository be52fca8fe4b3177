import { type ChildProcess, spawn } from 'node:child_process'
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { encodeStateVectorFromUpdate } from 'yjs'
import { noteField } from '#shared/contracts/notes-wire.ts'
import { copyStore } from '../../server/keep/copy-store.ts'
import type { Digests } from '../../server/keep/copy-sections.ts'
import type { Place } from '../../server/keep/place.ts'
import { createLog } from '../../server/log.ts'
import { newId } from '../../server/new-id.ts'
import { startServer } from '../../server/start.ts'
import { openStore } from '../../server/store/open.ts'
import { openSqliteStore } from '../../server/store/sqlite/open.ts'
import { type SignedIn, signedIn, signIn } from '../harness/member.ts'
import { password, people, startSampleOffice, testConfig } from '../harness/office.ts'
import { describeWithMongo } from '../harness/replica-set.ts'
import { openTypist, type as typeIn, untilSaved } from '../harness/typist.ts'
import { anAppend } from '../store/samples.ts'
import { type SharedSet, sharedSet } from './shared-set.ts'

let set: SharedSet
let folder: string
/** The data folder of an office in which people have worked; nobody has it open. */
let worked: string
/** A copy of it in a database, and a copy of that in a folder, with what they hold. */
let shared: { mongodbUri: string }
let back: string
let copied: { there: Digests; here: Digests }
let adviser: SignedIn
/** A dossier with a note that was written in it, and its text. */
let written: { dossierId: string; title: string; text: string }

const place = (dataDir: string): Place => ({ dataDir })
const database = (): { mongodbUri: string } => ({ mongodbUri: set.uri(`codossier-copy-${newId()}`) })
const fresh = () => mkdtemp(join(folder, 'copy-'))
const say = () => {}

describeWithMongo('a copy of a store', () => {
  beforeAll(async () => {
    set = sharedSet()
    folder = await mkdtemp(join(tmpdir(), 'codossier-copy-'))
    worked = await workedOffice()
    shared = database()
    back = await fresh()
    const there = await copyStore({ from: place(worked), to: shared, anew: false, say })
    copied = { there, here: await copyStore({ from: shared, to: place(back), anew: false, say }) }
  }, 240_000)
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true })
  }, 60_000)

  it('from SQLite to MongoDB and back holds the same, by counts and hashes', async () => {
    const { there, here } = copied
    expect(here).toEqual(there)
    expect(Object.keys(there).filter((name) => there[name]!.count === 0)).toEqual(['verification'])
    expect(await readdir(back)).toEqual(expect.arrayContaining(['accounts.db', 'office.db', 'secret']))
  })

  it('is where people sign in with their passwords, stay signed in, and read their dossiers and notes', async () => {
    for (const { dataDir, mongodbUri } of [
      { dataDir: await fresh(), ...shared },
      { dataDir: back, mongodbUri: null },
    ]) {
      const server = await startServer({ config: testConfig(dataDir, mongodbUri), log: createLog('error'), clientDir: null })
      try {
        await worksOn(server.url)
      } finally {
        await server.close()
      }
    }
  })

  it('that is broken off anywhere is gone on with, and is the same in the end', async () => {
    const small = await smallOffice()
    const whole = await linesOf(place(small), place(await fresh()))
    for (const target of [database(), place(await fresh())]) {
      let digests: Digests | null = null
      for (let line = 1; digests === null; line++) digests = await copyBrokenAt(line, place(small), target)
      expect(digests).toEqual(whole.digests)
    }
  })

  it('that is killed goes on when it is started again, and no server takes it for the whole until it is finished', async () => {
    const target = database()
    const first = startCopy(worked, target.mongodbUri)
    await first.said(/copying dossiers/)
    const killed = new Promise((resolve) => first.child.once('exit', (_, signal) => resolve(signal)))
    first.child.kill('SIGKILL')
    expect(await killed).toBe('SIGKILL')
    await expect(openStore({ dataDir: folder, ...target })).rejects.toThrow('not finished')
    const again = startCopy(worked, target.mongodbUri)
    const code = await new Promise((resolve) => again.child.once('exit', resolve))
    expect(again.lines.join('\n')).toContain('going on with an unfinished copy')
    expect(again.lines.at(-1)).toContain('holds the same as')
    expect(code).toBe(0)
    const store = await openStore({ dataDir: folder, ...target })
    expect(await store.offices()).toHaveLength(1)
    await store.close()
  })

  it('is refused where a server runs on its source, or its target holds anything else', async () => {
    const server = await openSqliteStore({ dataDir: worked })
    await expect(copyStore({ from: place(worked), to: shared, anew: false, say })).rejects.toThrow('A server is running on')
    await server.close()
    await expect(copyStore({ from: place(worked), to: shared, anew: true, say })).rejects.toThrow('holds data already')
    await expect(copyStore({ from: shared, to: place(worked), anew: true, say })).rejects.toThrow('holds data already')
    const [other, another] = [place(await smallOffice()), place(await smallOffice())]
    const target = place(await fresh())
    await copyBrokenAt(6, other, target)
    await expect(copyStore({ from: another, to: target, anew: false, say })).rejects.toThrow('unfinished copy of another store')
    await copyStore({ from: another, to: target, anew: true, say })
    const node = await startServer({ config: testConfig(await fresh(), shared.mongodbUri), log: createLog('error'), clientDir: null })
    await expect(copyStore({ from: shared, to: place(await fresh()), anew: false, say })).rejects.toThrow('A server runs on')
    await node.close()
  })

  it('of a database that was written to meanwhile is not taken for finished', async () => {
    const [source, target] = [database(), await fresh()]
    await copyStore({ from: place(await smallOffice()), to: source, anew: false, say })
    const store = await openStore({ dataDir: folder, ...source })
    const [officeId = ''] = await store.offices()
    await store.appendNotes([anAppend(officeId, 'zzz', 1)])
    const { lines } = await linesOf(source, place(await fresh()))
    expect(await copyBrokenAt(lines.length, source, place(target))).toBeNull()
    // before all that is copied already
    await store.appendNotes([anAppend(officeId, '000', 1)])
    await store.close()
    await expect(copyStore({ from: source, to: place(target), anew: false, say })).rejects.toThrow('is now, in notes, noteUpdates')
    expect(await readdir(target)).not.toContain('office.db')
    await copyStore({ from: source, to: place(target), anew: true, say })
  })
})

/** The sample office after some work: commands, notes, one of them compacted and one rebuilt, and a session that is open. */
async function workedOffice(): Promise<string> {
  const office = await startSampleOffice(['adviser', 'manager'])
  adviser = await office.signIn('adviser')
  const screen = await adviser.open()
  const rows = [...screen.workspace.rows.values()].filter(({ status, ownerId }) => status === 'client' && ownerId !== null)
  const [row, ...others] = rows
  await screen.send({ type: 'dossier.edit', dossierId: row!.id, title: 'Søren’s house' })
  const typist = await openTypist(adviser, row!.id)
  for (let i = 0; i < 50; i++) typeIn(typist, () => 0.5)
  await untilSaved([typist])
  written = { dossierId: row!.id, title: 'Søren’s house', text: typist.session.doc!.getXmlFragment(noteField).toString() }
  typist.session.destroy()
  const officeId = screen.frame.office.id
  const clerk = screen.frame.members.find(({ role }) => role === 'clerk')!
  await adviser.post(`/api/v1/dossiers/${row!.id}/copy`, { device: newId() })
  screen.close()
  await (await office.signIn('manager')).command({ type: 'member.changeDivisions', memberId: clerk.id, divisionIds: [] })
  await office.server.close()
  const store = await openSqliteStore({ dataDir: office.dataDir })
  const bytes = (await store.note(officeId, others[0]!.id)).updates[0]?.bytes ?? new Uint8Array([0, 0])
  const [first] = (await store.note(officeId, row!.id)).updates
  const snapshot = { seq: first!.seq, bytes: first!.bytes, vector: encodeStateVectorFromUpdate(first!.bytes) }
  await store.compactNote(officeId, row!.id, 1, { ...snapshot, ledger: new Uint8Array([1, 0, 255]) })
  const version = { epoch: 1, seq: 1, at: 7, authors: [clerk.id], name: null, namedBy: null, reason: 'pause' as const, size: 2 }
  await store.putVersion(officeId, row!.id, { ...version, bytes: new Uint8Array([0, 255]) })
  await store.nameVersion(officeId, row!.id, { epoch: 1, seq: 1 }, 'Søren’s', clerk.id)
  await store.rebuildNote(officeId, others[0]!.id, 1, { bytes, vector: new Uint8Array([0]) })
  const number = await store.number(officeId)
  await store.commit({ officeId, expect: number, events: [], puts: [], answers: [], fences: [others[1]!.id] })
  await store.close()
  const kept = join(folder, 'worked')
  await cp(office.dataDir, kept, { recursive: true })
  await rm(office.dataDir, { recursive: true, force: true })
  return kept
}

/** An office of one member with a few records of each kind. */
async function smallOffice(): Promise<string> {
  const dataDir = await fresh()
  const server = await startServer({ config: testConfig(dataDir), log: createLog('error'), clientDir: null })
  const accountId = await server.createAccount({ email: 'ada@office.example', name: 'Ada', password })
  const office = { name: 'Small', language: 'en', currency: 'EUR', timeZone: 'Europe/Amsterdam' } as const
  const admin = { name: 'Ada', email: 'ada@office.example', accountId: accountId! }
  await server.createOffice({ office, admin, withSample: false })
  const member = await signIn(server.url, admin.email, password)
  for (let i = 0; i < 3; i++) {
    const client = { id: newId(), new: { firstName: 'Nora', lastName: `Sørensen ${i}` } }
    await member.command({ type: 'dossier.create', dossierId: newId(), client, kind: 'mortgage', title: 'First home', amount: null })
  }
  await server.close()
  return dataDir
}

/** Breaks a copy off when it has said so many lines; what it holds where it came to its end before. */
async function copyBrokenAt(line: number, from: Place, to: Place): Promise<Digests | null> {
  let left = line
  const breaking = (): void => {
    if (--left === 0) throw new Error('broken off')
  }
  return copyStore({ from, to, anew: false, say: breaking }).catch((error: unknown) => {
    if (error instanceof Error && error.message === 'broken off') return null
    throw error
  })
}

async function linesOf(from: Place, to: Place): Promise<{ digests: Digests; lines: string[] }> {
  const lines: string[] = []
  const digests = await copyStore({ from, to, anew: false, say: (line) => void lines.push(line) })
  return { digests, lines }
}

/** Signs in, and finds what was left there. */
async function worksOn(url: string): Promise<void> {
  const member = await signIn(url, people.adviser, password)
  const screen = await member.open()
  expect(screen.row(written.dossierId)?.title).toBe(written.title)
  const typist = await openTypist(member, written.dossierId)
  expect(typist.session.doc!.getXmlFragment(noteField).toString()).toBe(written.text)
  typeIn(typist, () => 0.5)
  await untilSaved([typist])
  typist.session.destroy()
  expect(await screen.send({ type: 'dossier.edit', dossierId: written.dossierId, amount: 1_000_00 })).toMatchObject({ ok: true })
  screen.close()
  // the session of before the copy
  expect((await signedIn(url, adviser.cookie).get('/api/v1/workspace')).status).toBe(200)
}

/** The command, as a person starts it. */
function startCopy(dataDir: string, uri: string): { child: ChildProcess; lines: string[]; said(pattern: RegExp): Promise<void> } {
  const script = fileURLToPath(new URL('../../server/store-copy.ts', import.meta.url))
  const child = spawn(process.execPath, [script, '--from', `sqlite:${dataDir}`, '--to', uri], { stdio: ['ignore', 'pipe', 'inherit'] })
  const lines: string[] = []
  const output = createInterface({ input: child.stdout })
  output.on('line', (line) => lines.push(line))
  const said = (pattern: RegExp) =>
    new Promise<void>((resolve, reject) => {
      output.on('line', (line) => pattern.test(line) && resolve())
      child.once('exit', () => reject(new Error(`it ended: ${lines.join('; ')}`)))
    })
  return { child, lines, said }
}
