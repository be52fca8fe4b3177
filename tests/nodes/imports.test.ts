import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ImportJob } from '#shared/contracts/import-job.ts'
import { createLog } from '../../server/log.ts'
import { newId } from '../../server/new-id.ts'
import { type RunningServer, startServer } from '../../server/start.ts'
import { openStore } from '../../server/store/open.ts'
import { freePort } from '../../server/store/replica-set.ts'
import { checked, settled, upload } from '../harness/import.ts'
import { endLeftImport } from '../harness/left-import.ts'
import { type Screen, type SignedIn, signedIn } from '../harness/member.ts'
import { startSampleOffice, testConfig, type TestOffice } from '../harness/office.ts'
import { describeWithMongo } from '../harness/replica-set.ts'
import { NodeProcess } from './node-process.ts'
import { type SharedSet, sharedSet } from './shared-set.ts'

let set: SharedSet
let mongodbUri: string
let office: TestOffice
let screen: Screen
/** The same admin as each of two nodes has them. */
let here: SignedIn
let there: SignedIn
const stops: (() => Promise<unknown>)[] = []

async function oneMore(): Promise<RunningServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'codossier-test-'))
  stops.push(() => rm(dataDir, { recursive: true, force: true }))
  return startServer({ config: testConfig(dataDir, mongodbUri), log: createLog('silent'), clientDir: null })
}

/** A node that can be ended in the middle of something, and the admin on it. */
async function aProcess(): Promise<{ node: NodeProcess; admin: SignedIn }> {
  const node = new NodeProcess(await freePort(), { mongodbUri, publicOrigin: here.origin })
  stops.push(() => node.dispose())
  await node.start()
  return { node, admin: signedIn(`http://127.0.0.1:${node.port}`, here.cookie, here.origin) }
}

const rows = (name: string, count: number) =>
  `client_ref,last_name\n${Array.from({ length: count }, (_, i) => `${name}${i},${name}`).join('\n')}`
const run = (admin: SignedIn, { id }: { id: string }) => admin.post(`/api/v1/imports/${id}/run`, { faulty: 'leaveOut' })
const check = (admin: SignedIn, job: ImportJob) => admin.post(`/api/v1/imports/${job.id}/check`, { mapping: job.guess, dates: 'auto' })

/** How many clients there are under this name. */
async function clientsNamed(name: string): Promise<number> {
  const store = await openStore(office.place, { readOnly: true })
  const found = await store.clients(screen.frame.office.id, [name.toLowerCase()], 10_000)
  await store.close()
  return found.length
}

describeWithMongo('an import on several nodes', () => {
  beforeAll(async () => {
    set = sharedSet()
    mongodbUri = set.uri(`codossier-imports-${newId()}`)
    office = await startSampleOffice(['admin'], { mongodbUri })
    here = await office.signIn('admin')
    const other = await oneMore()
    stops.push(() => other.close())
    there = signedIn(other.url, here.cookie)
    screen = await here.open()
  }, 240_000)
  afterAll(async () => {
    screen?.close()
    for (const stop of stops.reverse()) await stop()
    await office?.stop()
  }, 60_000)

  it('a file that one node took is read, checked and imported by others, request by request', async () => {
    const { body } = await upload(here, 'clients', `${rows('Crossing', 30)}\nfaulty,`)
    const read = await settled(there, body.id)
    expect([read.state, read.rows, read.headings]).toEqual(['read', 31, ['client_ref', 'last_name']])
    expect((await check(there, read)).status).toBe(202)
    const dry = await settled(here, read.id)
    expect([dry.state, dry.result?.counts]).toEqual(['checked', { created: 30, changed: 0, unchanged: 0, faulty: 1 }])
    const faults = await Promise.all([here, there].map(async (at) => (await at.get(`/api/v1/imports/${read.id}/faults.csv`)).text()))
    expect(faults[0]).toContain('last_name')
    expect(faults[1]).toBe(faults[0])
    expect((await run(here, read)).status).toBe(202)
    const done = await settled(there, read.id)
    expect([done.state, done.result?.counts.created]).toEqual(['done', 30])
    expect(await clientsNamed('Crossing')).toBe(30)
    // of the file nothing is left, of its faulty rows the copy
    expect((await there.get(`/api/v1/imports/${read.id}/faults.csv`)).status).toBe(200)
    expect((await there.post(`/api/v1/imports/records/${done.importId}/undo`, {})).status).toBe(200)
    expect(await clientsNamed('Crossing')).toBe(0)
  })

  it('what is put away on one node is gone on the other, also while that one works on it', async () => {
    const { body } = await upload(here, 'clients', rows('Away', 300))
    await there.post(`/api/v1/imports/${body.id}/check`, {})
    const dropped = await fetch(`${there.url}/api/v1/imports/${body.id}`, {
      method: 'DELETE',
      headers: { cookie: there.cookie, origin: there.origin },
    })
    expect(dropped.status).toBe(204)
    expect((await there.get(`/api/v1/imports/${body.id}`)).status).toBe(404)
    await expect.poll(async () => (await here.get(`/api/v1/imports/${body.id}`)).status, { timeout: 60_000 }).toBe(404)
  })

  it('a member has three files under way on all nodes together; a fourth takes the place of the oldest', async () => {
    const jobs = []
    for (const at of [here, there, here, there]) jobs.push((await upload(at, 'clients', 'client_ref,last_name\nP1,x')).body)
    const found = await Promise.all(jobs.map(async ({ id }) => (await there.get(`/api/v1/imports/${id}`)).status))
    expect(found.filter((status) => status === 200)).toHaveLength(3)
  })

  it('an import that a node died over is ended by another though nobody asks, and leaves no text without a dossier', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'codossier-test-'))
    stops.push(() => rm(dataDir, { recursive: true, force: true }))
    await endLeftImport({ dataDir, mongodbUri: set.uri(`codossier-left-${newId()}`) })
  }, 240_000)

  it('what a node had begun is gone on with by another: at once where it was stopped, and after ten seconds where it was killed or stands still', async () => {
    const [stalled, killed, stopping] = await Promise.all([aProcess(), aProcess(), oneMore()])
    const stopped = signedIn(stopping.url, here.cookie)
    const ready = await checked(here, 'clients', rows('Stalled', 300))
    const toRead = (await upload(here, 'clients', rows('Killed', 300))).body
    const toCheck = await settled(here, toRead.id)
    const letGo = await settled(stopped, (await upload(stopped, 'clients', rows('Stopped', 300))).body.id)

    expect((await run(stalled.admin, ready)).status).toBe(202)
    stalled.node.signal('SIGSTOP')
    expect((await check(killed.admin, toCheck)).status).toBe(202)
    await killed.node.kill()
    expect((await check(stopped, letGo)).status).toBe(202)
    await stopping.close()

    const [imported, rechecked, resumed] = await Promise.all([ready, toCheck, letGo].map(({ id }) => settled(there, id, 250)))
    expect([imported?.state, imported?.result?.counts.created]).toEqual(['done', 300])
    expect([rechecked?.state, rechecked?.result?.counts.created]).toEqual(['checked', 300])
    expect([resumed?.state, resumed?.result?.counts.created]).toEqual(['checked', 300])

    // what it does after it woke comes to nothing
    stalled.node.signal('SIGCONT')
    const again = await settled(stalled.admin, ready.id)
    expect([again.state, again.importId]).toEqual(['done', imported?.importId])
    expect((await run(stalled.admin, toCheck)).status).toBe(202)
    expect((await settled(here, toCheck.id)).state).toBe('done')
    expect([await clientsNamed('Stalled'), await clientsNamed('Killed'), await clientsNamed('Stopped')]).toEqual([300, 300, 0])
    const { imports } = (await (await there.get('/api/v1/imports')).json()) as { imports: { id: string }[] }
    expect(imports.filter(({ id }) => id === imported?.importId)).toHaveLength(1)
  }, 240_000)
})
