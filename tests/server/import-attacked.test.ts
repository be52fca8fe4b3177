import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createLog } from '../../server/log.ts'
import { startServer } from '../../server/start.ts'
import { checked, imported, settled, upload } from '../harness/import.ts'
import { endLeftImport } from '../harness/left-import.ts'
import { type Screen, signedIn, type SignedIn, signIn } from '../harness/member.ts'
import { firstAdmin, password, startEmptyOffice, testConfig } from '../harness/office.ts'

let office: Awaited<ReturnType<typeof startEmptyOffice>>
let admin: SignedIn
let screen: Screen
const undo = (id: string | null) => admin.post(`/api/v1/imports/records/${id}/undo`, {})
const head = 'number,client_ref,title,status,stage,created_on'
beforeAll(async () => {
  office = await startEmptyOffice()
  admin = await office.admin()
  screen = await admin.open()
  await imported(admin, 'members', 'email,name,role,divisions\na@o.example,Ann,adviser,North|South\nb@o.example,Bob,adviser,South')
  await imported(admin, 'clients', 'client_ref,last_name,owner_email,division\nK1,One,a@o.example,North\nK2,Two,,')
  await imported(
    admin,
    'dossiers',
    `${head},owner_email,division\nD1,K1,T,client,Client created,2026-01-01,a@o.example,South\nD2,K2,T,client,Client created,2026-01-01,,`,
  )
  await screen.until('moved in', ({ workspace }) => workspace.rows.size === 2)
}, 60_000)
afterAll(() => office.stop())

it('a changed member does not tell the account', async () => {
  const job = await imported(admin, 'members', 'email,name\nada.first@office.example,Ada Second')
  expect(job.state).toBe('done')
  await screen.until('renamed', ({ frame }) => frame.members.some((m) => m.name === 'Ada Second'))
  expect(await (await admin.get('/api/v1/workspace')).text()).not.toContain('accountId')
  expect(JSON.stringify(screen.applied)).not.toContain('accountId')
})

it('a new member without the column role has a known reason', async () => {
  const job = await checked(admin, 'members', 'email,name\nnew@o.example,New')
  expect(job.result?.faults.map(({ column, reason }) => [column, reason])).toEqual([['role', 'notAllowed']])
})

it('owner by name alone changes the owner', async () => {
  const job = await checked(admin, 'dossiers', 'number,owner,division\nD1,Bob,South')
  expect(job.result?.counts).toMatchObject({ changed: 1, faulty: 0 })
})

it('an emptied owner_email takes the owner away', async () => {
  const job = await checked(admin, 'dossiers', 'number,owner_email\nD1,')
  expect(job.result?.counts).toMatchObject({ changed: 1, faulty: 0 })
})

it('abandoned in the closing stage: export and import again', async () => {
  const stageId = screen.frame.stages.find((s) => s.names.en === 'Offer signed')?.id ?? ''
  const id = screen.numbered('D2').id
  expect(await screen.send({ type: 'dossier.moveStage', dossierId: id, stageId })).toMatchObject({ ok: true })
  expect(await screen.send({ type: 'dossier.abandon', dossierId: id, reason: 'projectDropped' })).toMatchObject({ ok: true })
  expect(await screen.send({ type: 'stage.makeClosing', stageId })).toMatchObject({ ok: true })
  const csv = await (await admin.post('/api/v1/dossiers/export', { format: 'csv' })).text()
  const job = await checked(admin, 'dossiers', csv)
  expect(job.result?.faults).toEqual([])
})

it('the faulty rows can be had after the import of the good ones', async () => {
  const job = await imported(admin, 'clients', 'client_ref,last_name\nF1,Good\nF2,', 'leaveOut')
  expect(job.state).toBe('done')
  expect((await admin.get(`/api/v1/imports/${job.id}/faults.csv`)).status).toBe(200)
})

it('the file of faulty rows can be sent again, and its faulty rows again', async () => {
  const job = await checked(admin, 'clients', 'client_ref,last_name\nF3,\nF4,')
  const first = await (await admin.get(`/api/v1/imports/${job.id}/faults.csv`)).text()
  const second = await checked(admin, 'clients', first)
  const text = await (await admin.get(`/api/v1/imports/${second.id}/faults.csv`)).text()
  expect((await checked(admin, 'clients', text)).problem).toBeNull()
})

it('an amount 0.500 is no 500', async () => {
  const job = await checked(admin, 'dossiers', `${head},amount\nZ1,K1,T,client,Client created,2026-01-01,0.500`)
  expect(job.result?.faults).toMatchObject([{ column: 'amount', reason: 'notAnAmount' }])
})

it('a blank first line of a semicolon file', async () => {
  expect((await checked(admin, 'clients', '\nclient_ref;last_name\nS1;x')).delimiter).toBe(';')
})

it('a short row is a fault of that row', async () => {
  const job = await checked(admin, 'clients', 'client_ref,last_name,phone\nS1,x,1\nS2,y\nS3,z,3')
  expect(job.state).toBe('checked')
})

it('the counts of a run are what was done', async () => {
  const [one, two] = [
    await checked(admin, 'clients', 'client_ref,last_name\nC1,x'),
    await checked(admin, 'clients', 'client_ref,last_name\nC1,x'),
  ]
  await admin.post(`/api/v1/imports/${one.id}/run`, { faulty: 'refuse' })
  await settled(admin, one.id)
  await admin.post(`/api/v1/imports/${two.id}/run`, { faulty: 'refuse' })
  const done = await settled(admin, two.id)
  expect(done.result?.counts.created ?? 0).toBe(0)
})

it('a division renamed since: not taken back', async () => {
  const job = await imported(admin, 'members', 'email,name,role,divisions\nd@o.example,Dee,clerk,West')
  await screen.until('West', ({ frame }) => frame.divisions.some((d) => d.name === 'West'))
  const id = screen.frame.divisions.find((d) => d.name === 'West')?.id ?? ''
  expect(await screen.send({ type: 'division.rename', divisionId: id, name: 'Far West' })).toMatchObject({ ok: true })
  expect((await undo(job.importId)).status).toBe(409)
})

it('invited since by a link: not taken back, or the link is dead', async () => {
  const job = await imported(admin, 'members', 'email,name,role\ne@o.example,Eve,clerk')
  await screen.until('Eve', ({ frame }) => frame.members.some((m) => m.name === 'Eve'))
  const memberId = screen.frame.members.find((m) => m.name === 'Eve')?.id ?? ''
  const made = await admin.command({ type: 'member.renewInvitation', memberId, linkId: 'a'.repeat(40) } as never)
  expect(made.status).toBe(200)
  const undone = await undo(job.importId)
  expect(undone.status).toBe(409)
})

it('uploads at once keep to the limit', async () => {
  const ids = (await Promise.all(Array.from({ length: 8 }, () => upload(admin, 'clients', 'client_ref,last_name\nP1,x')))).map(
    (r) => r.body.id,
  )
  const alive = (await Promise.all(ids.filter(Boolean).map((id) => admin.get(`/api/v1/imports/${id}`)))).filter((r) => r.status === 200)
  expect(alive.length).toBeLessThanOrEqual(3)
})

it('a plan refused in the run says why', async () => {
  const job = await checked(admin, 'dossiers', `${head}\nR1,K2,T,client,Client created,2026-01-01`)
  const other = await imported(admin, 'dossiers', `${head}\nR1,K1,T,client,Client created,2026-01-01`)
  expect(other.state).toBe('done')
  await admin.post(`/api/v1/imports/${job.id}/run`, { faulty: 'refuse' })
  const after = await settled(admin, job.id)
  expect([after.state, after.refusal?.code]).toEqual(['read', 'importFaulty'])
})

it('a client whose owner left the division can have another phone', async () => {
  const memberId = screen.frame.members.find((m) => m.name === 'Ann')?.id ?? ''
  const north = screen.frame.divisions.find((d) => d.name === 'North')?.id ?? ''
  expect(await screen.send({ type: 'member.linkDivision', memberId, divisionId: north, linked: false })).toMatchObject({ ok: true })
  const job = await checked(admin, 'clients', 'client_ref,phone\nK1,0123')
  expect([job.result?.faults, job.result?.counts.changed]).toEqual([[], 1])
})

it('files of a server that was killed are gone at the next start', async () => {
  const other = await startEmptyOffice()
  const { dataDir } = other
  await mkdir(join(dataDir, 'imports'), { recursive: true })
  await other.server.close()
  await mkdir(join(dataDir, 'imports'), { recursive: true })
  await writeFile(join(dataDir, 'imports', 'left.csv'), 'secret')
  const again = await startServer({ config: testConfig(dataDir), log: createLog('error'), clientDir: null })
  const isThere = existsSync(join(dataDir, 'imports', 'left.csv'))
  await again.close()
  expect(isThere).toBe(false)
})

it('an import that a server died over is ended though nobody asks, and leaves no text without a dossier', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'codossier-test-'))
  await endLeftImport({ dataDir, mongodbUri: null })
  await rm(dataDir, { recursive: true })
}, 240_000)

it('files that failed are kept for a while, and no more than six', async () => {
  const failed = []
  for (let i = 0; i < 7; i++) failed.push(await checked(admin, 'clients', new Uint8Array([0, 1, 2, 3])))
  expect(failed.map(({ state }) => state)).toEqual(failed.map(() => 'failed'))
  await upload(admin, 'clients', 'client_ref,last_name\nP1,x')
  const found = await Promise.all(failed.map(async ({ id }) => (await admin.get(`/api/v1/imports/${id}`)).status))
  expect(found).toEqual([404, 200, 200, 200, 200, 200, 200])
})

it('a file that was checked before a restart is imported after it', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'codossier-test-'))
  const start = () => startServer({ config: testConfig(dataDir), log: createLog('error'), clientDir: null })
  const before = await start()
  const accountId = (await before.createAccount({ ...firstAdmin, password }))!
  const place = { name: 'New Office', language: 'en', currency: 'EUR', timeZone: 'Europe/Amsterdam' } as const
  await before.createOffice({ office: place, admin: { ...firstAdmin, accountId }, withSample: false })
  const { cookie, ...signedInBefore } = await signIn(before.url, firstAdmin.email, password)
  const job = await checked({ ...signedInBefore, cookie }, 'clients', 'client_ref,last_name\nR1,Restarted')
  await before.close()
  const again = await start()
  const after = signedIn(again.url, cookie)
  expect((await settled(after, job.id)).result?.counts.created).toBe(1)
  expect((await after.post(`/api/v1/imports/${job.id}/run`, { faulty: 'refuse' })).status).toBe(202)
  expect((await settled(after, job.id)).state).toBe('done')
  await again.close()
  await rm(dataDir, { recursive: true })
})

it('an abandoned dossier stays where it is (S4.3)', async () => {
  await imported(admin, 'dossiers', `${head},abandon_reason\nAB,K2,T,abandoned,Client created,2026-01-01,Autre`)
  const job = await checked(admin, 'dossiers', 'number,stage\nAB,Offer received')
  expect(job.result?.faultCount).toBe(1)
})
