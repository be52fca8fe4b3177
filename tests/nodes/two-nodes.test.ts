import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import * as Y from 'yjs'
import type { DossierRow } from '#shared/contracts/dossier.ts'
import type { Id } from '#shared/contracts/ids.ts'
import type { MyDayChanges } from '#shared/contracts/my-day.ts'
import { close, noteField } from '#shared/contracts/notes-wire.ts'
import { createLog } from '../../server/log.ts'
import { newId } from '../../server/new-id.ts'
import { type RunningServer, startServer } from '../../server/start.ts'
import { openStore } from '../../server/store/open.ts'
import { invite, post } from '../harness/links.ts'
import { type Screen, signedIn } from '../harness/member.ts'
import { password, people, type Person, startSampleOffice, testConfig, type TestOffice } from '../harness/office.ts'
import { describeWithMongo } from '../harness/replica-set.ts'
import { fetchSnapshot } from '../../src/lib/live/snapshot.ts'
import { openTypist, type as typeIn, type Typist, untilSaved } from '../harness/typist.ts'
import { seed, seeded } from '../store/random.ts'
import { type SharedSet, sharedSet } from './shared-set.ts'

const crossedWithinMs = 30_000

let set: SharedSet
let office: TestOffice
let other: RunningServer
let otherDir: string
/** The adviser sits on the first node, the manager on the second, an admin on each. */
let adviser: Screen
let manager: Screen
let admins: Screen[] = []

const screens = () => [adviser, manager, ...admins]

describeWithMongo('two nodes of one office', () => {
  beforeAll(async () => {
    set = sharedSet()
    const mongodbUri = set.uri(`codossier-nodes-${newId()}`)
    office = await startSampleOffice(['adviser', 'manager', 'admin', 'colleague', 'viewer'], { mongodbUri, visitGraceMs: 0 })
    otherDir = await mkdtemp(join(tmpdir(), 'codossier-test-'))
    other = await startServer({ config: testConfig(otherDir, mongodbUri), log: createLog('error'), clientDir: null, visitGraceMs: 0 })
    adviser = await (await office.signIn('adviser')).open()
    manager = await (await onOther('manager')).open()
    admins = await Promise.all([(await office.signIn('admin')).open(), (await onOther('admin')).open()])
  }, 240_000)
  afterAll(async () => {
    for (const screen of screens()) screen?.close()
    await other?.close()
    await office?.stop()
    await rm(otherDir, { recursive: true, force: true })
  }, 60_000)

  it('who signs in on one is signed in on the other', async () => {
    const { cookie } = await office.signIn('colleague')
    expect((await signedIn(other.url, cookie).get('/api/v1/workspace')).status).toBe(200)
    const unknown = { email: 'nobody@office.example', password: 'correct horse battery' }
    expect((await signedIn(other.url, '').post('/api/auth/sign-in/email', unknown)).status).toBe(401)
  })

  it('a session that ends on one is nobody’s on the other: not the screen’s, not the note’s, and not what was just read of it', async () => {
    const here = await office.signIn('colleague')
    const there = signedIn(other.url, here.cookie)
    const screen = await there.open()
    const typist = await openTypist(there, (await created(adviser)).dossierId)
    expect((await there.get('/api/v1/workspace')).status).toBe(200)
    expect((await here.post('/api/auth/sign-out', {})).status).toBe(200)
    await screen.until('it is signed out', ({ signedOut }) => signedOut, crossedWithinMs)
    expect((await there.get('/api/v1/workspace')).status).toBe(401)
    await vi.waitFor(() => expect(typist.session.status.state).toBe('denied'), crossedWithinMs)
    const again = new WebSocket(`${other.url.replace('http', 'ws')}/notes`, { headers: { cookie: here.cookie, origin: other.url } })
    expect(await new Promise((resolve) => again.on('close', resolve))).toBe(close.noRight)
    typist.session.destroy()
    screen.close()
  })

  it('wrong passwords are counted on both together, and right ones on neither', async () => {
    const attempt = (email: string, password: string, turn: number) =>
      post(turn % 2 ? other.url : office.server.url, '/api/auth/sign-in/email', { email, password })
    const right = []
    for (let turn = 0; turn < 8; turn++) right.push((await attempt(people.viewer, password, turn)).status)
    expect(right).toEqual(Array.from({ length: 8 }, () => 200))
    const guesses = Array.from({ length: 8 }, (_, turn) => attempt('guessed@office.example', 'wrong horse battery', turn))
    const wrong = (await Promise.all(guesses)).map(({ status }) => status).toSorted()
    expect(wrong).toEqual([401, 401, 401, 401, 401, 429, 429, 429])
  })

  it.each([
    ['by one person', ['nora@brug.example', 'nora@brug.example']],
    ['by two', ['nora@brug.example', 'piet@brug.example']],
  ] as const)(
    'the link to the first office is the same on every node; taken up %s on two at once it makes one office, and works on none after that',
    async (_, emails) => {
      const mongodbUri = set.uri(`codossier-first-${newId()}`)
      const dirs = await Promise.all([0, 1].map(() => mkdtemp(join(tmpdir(), 'codossier-test-'))))
      const nodes: RunningServer[] = []
      for (const dir of dirs)
        nodes.push(await startServer({ config: testConfig(dir, mongodbUri), log: createLog('silent'), clientDir: null }))
      const [code, same] = nodes.map((node) => node.setupCode())
      expect(code).toMatch(/^[\w-]{22}$/)
      expect(same).toBe(code)
      const place = { officeName: 'De Brug', language: 'nl', currency: 'EUR', timeZone: 'Europe/Amsterdam', withSample: false }
      const credentials = emails.map((email, i) => ({ email, password: `correct horse battery ${i}` }))
      const setUp = (i: number) => signedIn(nodes[i]!.url, '').post('/api/v1/setup', { code, ...place, name: 'Nora', ...credentials[i]! })
      const statuses = (await Promise.all([setUp(0), setUp(1)])).map(({ status }) => status)
      expect(statuses.toSorted()).toEqual([201, 403])
      const store = await openStore({ dataDir: dirs[0]!, mongodbUri }, { readOnly: true })
      expect(await store.offices()).toHaveLength(1)
      await store.close()
      const first = signedIn(nodes[1]!.url, '')
      for (const [i, status] of statuses.entries())
        expect((await first.post('/api/auth/sign-in/email', credentials[i]!)).status).toBe(status === 201 ? 200 : 401)
      expect((await Promise.all([setUp(0), setUp(1)])).map(({ status }) => status)).toEqual([403, 403])
      for (const node of nodes) await node.close()
      for (const dir of dirs) await rm(dir, { recursive: true })
    },
  )

  it('an invitation taken up on both at once seats one, who signs in with the password they chose', async () => {
    const { id: officeId } = admins[0]!.frame.office
    const { code, email } = await invite(admins[0]!, 'adviser')
    const passwords = ['seven herrings on a roof', 'nine herrings on a roof']
    const name = 'Newcomer'
    const joined = await Promise.all(
      [office.server.url, other.url].map((url, i) =>
        post(url, '/api/v1/join', { officeId, code, name, password: passwords[i], language: 'en' }),
      ),
    )
    expect(joined.map(({ status }) => status).toSorted()).toEqual([201, 410])
    for (const [i, { status }] of joined.entries()) {
      const signIn = await signedIn(other.url, '').post('/api/auth/sign-in/email', { email, password: passwords[i] })
      expect(signIn.status).toBe(status === 201 ? 200 : 401)
    }
  })

  it('a new dossier, and its owner changed on the other node, are on every screen', async () => {
    const { dossierId } = await created(adviser)
    for (const screen of screens()) await screen.until('the dossier is there', (s) => s.row(dossierId) !== undefined, crossedWithinMs)
    const ownerId = manager.frame.owners.find(({ name }) => name === 'Davy van der Pol')!.id
    expect(await manager.send({ type: 'dossier.changeOwner', dossierId, ownerId })).toMatchObject({ ok: true })
    for (const screen of [manager, ...admins])
      await screen.until('the owner is another', (s) => s.row(dossierId)?.ownerId === ownerId, crossedWithinMs)
  })

  it('a thousand commands from both nodes arrive on every screen in the order of their numbers, none missing, none twice', async () => {
    const before = screens().map((screen) => ({ applied: screen.applied.length, at: screen.at }))
    const answers: Awaited<ReturnType<typeof created>>[] = []
    for (let burst = 0; burst < 10; burst++)
      answers.push(...(await Promise.all([adviser, manager].flatMap((screen) => Array.from({ length: 50 }, () => created(screen))))))
    const last = Math.max(...answers.map(({ n }) => n))
    for (const [i, screen] of screens().entries()) {
      await screen.until('the last is there', (s) => s.at >= last, crossedWithinMs)
      let at = before[i]!.at
      for (const { from, to } of screen.applied.slice(before[i]!.applied)) {
        expect(from).toBe(at + 1)
        at = to
      }
      expect(at).toBe(last)
      expect(screen.resyncs).toBe(0)
    }
    const made = answers.map(({ dossierId }) => dossierId)
    for (const admin of admins) expect(made.filter((id) => !admin.row(id))).toEqual([])
    const numbers = made.map((id) => admins[0]!.row(id)!.number)
    expect(new Set(numbers).size).toBe(1_000)
  })

  it.each([
    ['admin', 1],
    ['manager', 2],
  ] as const)('where each request goes to the next node a screen of the %s opens with every dossier, as it is', async (person, stage) => {
    const nodes = [await office.signIn(person), await onOther(person)]
    // so many that each node makes its chunks anew when it is asked, at another number
    const dossierIds = [...admins[0]!.workspace.rows.values()].filter(({ status }) => status === 'client').map(({ id }) => id)
    const stageId = adviser.frame.stages[stage]!.id
    expect(await admins[0]!.sendUntilAnswered({ type: 'selection.moveStage', dossierIds, stageId })).toMatchObject({ ok: true })
    await nodes[0]!.get('/api/v1/workspace')
    await created(adviser)
    await nodes[1]!.get('/api/v1/workspace')
    let turn = 0
    const { fetch } = globalThis
    vi.stubGlobal('fetch', (path: string) => {
      const { url, cookie } = nodes[turn++ % 2]!
      return fetch(url + path, { headers: { cookie } })
    })
    const snapshot = await fetchSnapshot().finally(() => vi.unstubAllGlobals())
    // of both nodes, that is: what lies over them names none
    expect(snapshot.manifest.chunks).toEqual([])
    const fresh = await nodes[0]!.open()
    await fresh.until('it has caught up', ({ at }) => at >= snapshot.manifest.at, crossedWithinMs)
    expect(inOrder(snapshot.rows)).toEqual(inOrder(fresh.workspace.rows))
    fresh.close()
  })

  it('whoever leaves one node and is still on the other was not away', async () => {
    const [here, there] = await Promise.all([(await office.signIn('colleague')).open(), (await onOther('colleague')).open()])
    const dossierIds = [...here.workspace.rows.values()].filter(({ status }) => status === 'client').map(({ id }) => id)
    const [one, two] = dossierIds.slice(0, 2) as [Id, Id]
    const isOn = (dossierId: Id) => (screen: Screen) =>
      screen.presence.get(dossierId)?.some(({ memberId }) => memberId === here.memberId) ?? false
    const since = async (screen: Screen) => ((await (await screen.member.get('/api/v1/my-day')).json()) as MyDayChanges).since
    const [admin] = admins as [Screen]
    const before = await since(there)
    there.socket.emit('whereabouts', { dossierId: two, place: 'summary' })
    here.socket.emit('whereabouts', { dossierId: one, place: 'summary' })
    await admin.until('the colleague is on both', (screen) => isOn(one)(screen) && isOn(two)(screen), crossedWithinMs)
    here.close()
    await admin.until('the colleague has left the first', (screen) => !isOn(one)(screen), crossedWithinMs)
    // who leaves later is kept later
    const after = await (await office.signIn('viewer')).open()
    after.close()
    await expect.poll(() => since(after), { timeout: crossedWithinMs }).not.toBeNull()
    expect(await since(there)).toEqual(before)
    there.close()
    await expect.poll(() => since(there), { timeout: crossedWithinMs }).not.toEqual(before)
  })

  it(`a note that four type in, two on each node, is the same for all and in the store (STORE_SEED=${seed})`, async () => {
    const { dossierId } = await created(adviser)
    const random = seeded(seed)
    const nodes = [await office.signIn('adviser'), await office.signIn('admin'), await onOther('adviser'), await onOther('admin')]
    const typists = await Promise.all(nodes.map((member) => openTypist(member, dossierId)))
    for (let round = 0; round < 40; round++) {
      for (const typist of typists) typeIn(typist, () => random.int(1_000_000) / 1_000_000)
      await new Promise((resolve) => setImmediate(resolve))
    }
    await untilSaved(typists)
    await converged(typists)
    const texts = typists.map(({ session }) => session.doc!.getXmlFragment(noteField).toJSON())
    expect(new Set(texts).size).toBe(1)
    for (const { session } of typists) session.destroy()
  })

  it('a version kept on one node, and one that gets another name there, is told to who has the note open on the other', async () => {
    const { dossierId } = await created(adviser)
    const [here, there] = [await office.signIn('adviser'), await onOther('manager')]
    const typists = await Promise.all([here, there].map((member) => openTypist(member, dossierId)))
    const [, colleague] = typists as [Typist, Typist]
    typeIn(typists[0]!, Math.random)
    await untilSaved(typists)
    await converged(typists)
    const path = `/api/v1/dossiers/${dossierId}/note/versions`
    const name = async (body: object) => (await here.post(path, body)).json()
    const told = (times: number) => vi.waitFor(() => expect(colleague.versionsTold).toBeGreaterThan(times), crossedWithinMs)
    const version = await name({ name: 'Sent to the bank' })
    await told(0)
    expect(await (await there.get(path)).json()).toMatchObject({ versions: [{ ...version, name: 'Sent to the bank' }] })
    const before = colleague.versionsTold
    await name({ name: 'Offer', version })
    await told(before)
    expect(await (await there.get(path)).json()).toMatchObject({ versions: [{ ...version, name: 'Offer' }] })
    for (const { session } of typists) session.destroy()
  })
})

async function onOther(person: Person) {
  return signedIn(other.url, (await office.signIn(person)).cookie)
}

/** A new dossier of whoever sits at a screen, and the number of its last event. */
async function created(screen: Screen): Promise<{ dossierId: Id; n: number }> {
  const dossierId = newId()
  const client = { id: newId(), new: { firstName: 'Nora', lastName: 'Sørensen' } }
  const named = { kind: 'mortgage', title: 'First home', amount: null } as const
  const answer = await screen.sendUntilAnswered({ type: 'dossier.create', dossierId, client, ...named })
  if (!answer.ok) throw new Error(`the dossier was refused: ${answer.refusal.code}`)
  return { dossierId, n: answer.n ?? 0 }
}

const inOrder = (rows: ReadonlyMap<Id, DossierRow>) => [...rows.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1))

/** Resolves when all hold the same, looked at whenever one of them receives something. */
function converged(typists: readonly Typist[]): Promise<void> {
  const held = ({ session }: Typist) => JSON.stringify([...Y.decodeStateVector(Y.encodeStateVector(session.doc!))].sort())
  return new Promise((resolve) => {
    const look = () => {
      if (new Set(typists.map(held)).size === 1) resolve()
    }
    for (const { session } of typists) session.doc!.on('update', look)
    look()
  })
}
