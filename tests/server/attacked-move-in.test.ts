import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { io, type Socket } from 'socket.io-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ClientToServer, ServerToClient } from '#shared/contracts/socket.ts'
import type { Delivery } from '#shared/contracts/workspace.ts'
import { checked, imported, settled, upload } from '../harness/import.ts'
import type { Screen, SignedIn } from '../harness/member.ts'
import { startSampleOffice, testConfig, type TestOffice } from '../harness/office.ts'
import { createLog } from '../../server/log.ts'
import { startServer } from '../../server/start.ts'
import { newId } from '../../server/new-id.ts'

let office: TestOffice
let admin: SignedIn
let adviser: SignedIn
let manager: SignedIn
let screen: Screen
beforeAll(async () => {
  office = await startSampleOffice(['admin', 'adviser', 'manager'])
  admin = await office.signIn('admin')
  adviser = await office.signIn('adviser')
  manager = await office.signIn('manager')
  screen = await admin.open()
})
afterAll(() => office.stop())

const undo = async (id: string | null) => {
  const response = await admin.post(`/api/v1/imports/records/${id ?? ''}/undo`, {})
  return { status: response.status, body: (await response.json()) as object }
}
const stageNamed = (name: string) => screen.frame.stages.find(({ names }) => names.en === name)?.id ?? ''
const open = () => [...screen.workspace.rows.values()].filter(({ status }) => status === 'client')

describe('what an import changes of people is in force on open screens', () => {
  it('L2 who was moved to another division by a file hears no more of the one before', async () => {
    await screen.send({ type: 'office.changeSettings', seesWhat: 'own' })
    const hers = await adviser.open()
    const me = hers.frame.members.find(({ id }) => id === hers.memberId)
    const own = hers.frame.owners.find(({ memberId }) => memberId === hers.memberId)?.id
    const row = [...hers.workspace.rows.values()].find(
      ({ ownerId, divisionId }) => ownerId !== own && divisionId !== null && me?.divisionIds.includes(divisionId),
    )
    if (!row || !me) throw new Error('she sees nothing by her division')
    // hand-made: it does not come back for what it missed
    const deliveries: Delivery[] = []
    const raw: Socket<ServerToClient, ClientToServer> = io(adviser.url, {
      ...{ transports: ['websocket'], forceNew: true, extraHeaders: { cookie: adviser.cookie, origin: adviser.url } },
    })
    raw.on('delivery', (delivery) => deliveries.push(delivery))
    await new Promise<void>((resolve) => raw.on('connect', resolve))
    await raw.emitWithAck('catchUp', hers.at)
    const job = await imported(admin, 'members', `email,divisions\n${me.email},Lyon`)
    expect(job.state).toBe('done')
    await hers.until('it is off her screen', (s) => s.row(row.id) === undefined)
    await screen.send({ type: 'dossier.edit', dossierId: row.id, title: 'Nothing of hers' })
    await screen.until('it is changed', (s) => s.row(row.id)?.title === 'Nothing of hers')
    await hers.until('the change has passed', (s) => s.at >= screen.at)
    await new Promise<void>((resolve) => {
      const look = () => deliveries.some(({ to }) => to >= screen.at) && resolve()
      raw.on('delivery', look)
      look()
    })
    expect(JSON.stringify([hers.applied, deliveries])).not.toContain('Nothing of hers')
    raw.disconnect()
    expect((await undo(job.importId)).status).toBe(200)
    await hers.until('it is back', (s) => s.row(row.id) !== undefined)
    hers.close()
    await screen.send({ type: 'office.changeSettings', seesWhat: 'everyone' })
  })
})

describe('what is taken back', () => {
  it('an import is no change of single dossiers: it is taken back as a whole, by admins', async () => {
    const client = (await (await admin.get('/api/v1/clients?limit=1')).json()) as { clients: { reference: string; lastName: string }[] }
    const { reference, lastName } = client.clients[0] ?? { reference: '', lastName: '' }
    const job = await imported(admin, 'clients', `client_ref,last_name\n${reference},Zz${lastName}`)
    const answer = await adviser.command({ type: 'change.undo', commandId: job.commandId ?? '', memberId: screen.memberId })
    expect(answer).toMatchObject({ status: 409, body: { refusal: { code: 'undoNotPossible' } } })
    expect(await screen.send({ type: 'change.undo', commandId: job.commandId ?? '' })).toMatchObject({ ok: false })
    expect((await undo(job.importId)).status).toBe(200)
  })

  it('S4.9 no dossier goes back to a stage that is gone, or with a status that its stage does not have', async () => {
    const stageId = newId()
    expect(await screen.send({ type: 'stage.add', stageId, names: { en: 'Passing' }, usualDays: null, before: null })).toMatchObject({
      ok: true,
    })
    const [one, two] = open()
    if (!one || !two) throw new Error('nothing is open')
    await screen.send({ type: 'dossier.moveStage', dossierId: one.id, stageId })
    const id = newId()
    expect(
      await screen.send({ type: 'dossier.moveStage', dossierId: one.id, stageId: stageNamed('Offer received') }, { id }),
    ).toMatchObject({ ok: true })
    await screen.send({ type: 'dossier.moveStage', dossierId: two.id, stageId })
    const job = await imported(admin, 'dossiers', `number,stage\n${two.number},Offer received`)
    expect(job.state).toBe('done')
    expect(await screen.send({ type: 'stage.remove', stageId, moveTo: null })).toMatchObject({ ok: true })
    expect(await screen.send({ type: 'change.undo', commandId: id })).toMatchObject({
      ok: false,
      refusal: { code: 'notFound', what: 'stage' },
    })
    expect((await undo(job.importId)).status).not.toBe(200)
    const stages = new Set(screen.frame.stages.map((s) => s.id))
    const rows = (await (await admin.get('/api/v1/dossiers?limit=500')).json()) as { dossiers: { stageId: string }[] }
    expect(rows.dossiers.every((d) => stages.has(d.stageId))).toBe(true)
  })

  it('S4.9 nor as open into what is the closing stage by now', async () => {
    const closing = screen.frame.stages.find((s) => s.closing)?.id ?? ''
    const stageId = newId()
    await screen.send({ type: 'stage.add', stageId, names: { en: 'Nearly' }, usualDays: null, before: null })
    const [one, , two] = open()
    if (!one || !two) throw new Error('nothing is open')
    await screen.send({ type: 'dossier.moveStage', dossierId: one.id, stageId })
    await screen.send({ type: 'dossier.moveStage', dossierId: two.id, stageId })
    const id = newId()
    await screen.send({ type: 'dossier.moveStage', dossierId: one.id, stageId: stageNamed('Offer received') }, { id })
    const job = await imported(admin, 'dossiers', `number,stage\n${two.number},Offer received`)
    expect(await screen.send({ type: 'stage.makeClosing', stageId })).toMatchObject({ ok: true })
    expect(await screen.send({ type: 'change.undo', commandId: id })).toMatchObject({ ok: false })
    expect((await undo(job.importId)).status).not.toBe(200)
    expect(await screen.send({ type: 'stage.makeClosing', stageId: closing })).toMatchObject({ ok: true })
  })

  it('an import that made the only admin there is stays; so does one out of a division that is gone', async () => {
    const admins = screen.frame.members.filter((m) => m.role === 'admin' && m.state === 'active')
    const other = screen.frame.members.find((m) => m.email.startsWith('davy'))
    if (!other || admins.length !== 1) throw new Error('the sample is another one')
    const job = await imported(admin, 'members', `email,role\n${other.email},admin`)
    expect(job.state).toBe('done')
    const id = newId()
    expect((await manager.command({ type: 'member.changeRole', memberId: screen.memberId, role: 'adviser' }, id)).status).toBe(200)
    const response = await manager.post(`/api/v1/imports/records/${job.importId ?? ''}/undo`, {})
    expect([response.status, await response.json()]).toEqual([422, { refusal: { code: 'lastAdmin' } }])
    expect((await manager.command({ type: 'change.undo', commandId: id })).status).toBe(200)
    expect((await undo(job.importId)).status).toBe(200)

    const divisionId = newId()
    await screen.send({ type: 'division.create', divisionId, name: 'Passing' })
    await screen.send({ type: 'member.changeDivisions', memberId: other.id, divisionIds: [divisionId] })
    const moved = await imported(admin, 'members', `email,divisions\n${other.email},Rotterdam`)
    expect(await screen.send({ type: 'division.delete', divisionId })).toMatchObject({ ok: true })
    expect((await undo(moved.importId)).status).not.toBe(200)
    const { members } = (await (await admin.get('/api/v1/members')).json()) as { members: { divisionIds: string[] }[] }
    expect(members.some((m) => m.divisionIds.includes(divisionId))).toBe(false)
  })
})

describe('files on their way in', () => {
  it('what became faulty between the dry run and the import is not left out unseen', async () => {
    const stageId = newId()
    await screen.send({ type: 'stage.add', stageId, names: { en: 'Soon gone' }, usualDays: null, before: null })
    const [one, two] = open()
    const file = `number,stage,title\n${one?.number},Soon gone,Left out\n${two?.number},Offer received,Taken`
    const job = await checked(admin, 'dossiers', file)
    expect(job.result).toMatchObject({ faultCount: 0 })
    expect(await screen.send({ type: 'stage.remove', stageId, moveTo: null })).toMatchObject({ ok: true })
    await admin.post(`/api/v1/imports/${job.id}/run`, { faulty: 'leaveOut' })
    expect((await settled(admin, job.id)).state).toBe('read')
  })

  it('the same file twice at once is imported once', async () => {
    const file = 'client_ref,last_name\nTWICE-1,Twice'
    const jobs = [await checked(admin, 'clients', file), await checked(admin, 'clients', file)]
    await Promise.all(jobs.map(({ id }) => admin.post(`/api/v1/imports/${id}/run`, { faulty: 'refuse' })))
    const states = await Promise.all(jobs.map(async ({ id }) => (await settled(admin, id)).state))
    expect(states.toSorted()).toEqual(['done', 'read'])
  })

  it('a member has three on their way at most; who brings more at once is refused', async () => {
    const stop = new AbortController()
    const refusals: number[] = []
    const refused = Promise.withResolvers<void>()
    const uploads = Array.from({ length: 6 }, () =>
      fetch(`${admin.url}/api/v1/imports?file=clients&name=slow.csv`, {
        method: 'POST',
        headers: { cookie: admin.cookie, origin: admin.url },
        // begins, and never ends
        body: new ReadableStream({ start: (body) => body.enqueue(new TextEncoder().encode('client_ref')) }),
        signal: stop.signal,
        duplex: 'half',
      } as RequestInit).then(
        ({ status }) => {
          if (refusals.push(status) === 3) refused.resolve()
        },
        () => {},
      ),
    )
    await refused.promise
    expect(refusals).toEqual([409, 409, 409])
    stop.abort()
    await Promise.all(uploads)
    // as soon as the server has seen that they were broken off
    while ((await upload(admin, 'clients', 'client_ref,last_name\nB,b')).status === 409);
    expect((await imported(admin, 'clients', 'client_ref,last_name\nAFTER-1,After')).state).toBe('done')
  })

  it('what a server that was killed has left of them is gone with the next start', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'codossier-test-'))
    await mkdir(join(dataDir, 'imports'))
    await writeFile(join(dataDir, 'imports', 'left.csv'), 'client_ref,last_name\nA,Personal')
    const server = await startServer({ config: testConfig(dataDir), log: createLog('error'), clientDir: null })
    expect(await readdir(dataDir)).not.toContain('imports')
    await server.close()
    await rm(dataDir, { recursive: true })
  })
})
