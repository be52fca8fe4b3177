import { subjectsOf } from '#shared/domain/undo.ts'
import { connect } from 'node:net'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createLog } from '../../server/log.ts'
import { newId } from '../../server/new-id.ts'
import { openAccounts } from '../../server/auth/accounts.ts'
import { startServer } from '../../server/start.ts'
import { Screen } from '../harness/member.ts'
import { password, startSampleOffice, testConfig, type TestOffice } from '../harness/office.ts'

let office: TestOffice
let admin: Screen
let adviser: Screen

beforeAll(async () => {
  office = await startSampleOffice(['admin', 'adviser', 'stranger', 'manager'])
  admin = await (await office.signIn('admin')).open()
  adviser = await (await office.signIn('adviser')).open()
})
afterAll(async () => {
  admin?.close()
  adviser?.close()
  await office?.stop()
})

const division = (name: string) => admin.frame.divisions.find((d) => d.name === name)!.id
const owner = (name: string) => admin.frame.owners.find((o) => o.name === name)!.id

async function freshDossier(): Promise<string> {
  const dossierId = newId()
  const client = { id: newId(), new: { firstName: '', lastName: 'Mended' } }
  const place = { ownerId: owner('Aimée Corsten'), divisionId: division('Rotterdam') }
  const answer = await admin.send({ type: 'dossier.create', dossierId, client, kind: 'wealth', title: 'Mended', amount: null, ...place })
  expect(answer).toMatchObject({ ok: true })
  return dossierId
}

/** Sends raw bytes to the server; resolves when it ends the connection. */
function ended(bytes: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(office.server.port, '127.0.0.1', () => socket.write(bytes))
    socket.on('close', () => resolve())
    socket.on('error', () => {})
    socket.resume()
  })
}

it.each(['//', 'http://[', '/socket.iox', '/x/../socket.io/', '/notesx', '*'])(
  'an upgrade on %s is ended, and the server lives on',
  async (path) => {
    await ended(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`)
    expect((await fetch(`${office.server.url}/healthz`)).status).toBe(200)
  },
)

describe('L4 an undo never makes a state that no command would allow', () => {
  it('an owner does not come back into a division they are not in', async () => {
    const away = newId()
    const other = await freshDossier()
    await admin.send({ type: 'dossier.changeOwner', dossierId: other, ownerId: null }, { id: away })
    await admin.send({ type: 'dossier.changeOwner', dossierId: other, divisionId: division('Lyon') })
    expect(await admin.send({ type: 'change.undo', commandId: away })).toMatchObject({
      ok: false,
      refusal: { code: 'ownerNotInDivision', ownerName: 'Aimée Corsten', divisionName: 'Lyon' },
    })
  })

  it('an abandoned dossier does not move', async () => {
    const dossierId = await freshDossier()
    const id = newId()
    await admin.send({ type: 'dossier.moveStage', dossierId, stageId: admin.frame.stages[2]!.id }, { id })
    await admin.send({ type: 'dossier.abandon', dossierId, reason: 'other' })
    expect(await admin.send({ type: 'change.undo', commandId: id })).toEqual({ ok: false, refusal: { code: 'abandoned' } })
  })
})

it('L2 who is on a dossier is forgotten when they leave at once', async () => {
  const dossierId = await freshDossier()
  const marker = await freshDossier()
  adviser.socket.emit('whereabouts', { dossierId, place: 'note' })
  adviser.socket.emit('whereabouts', null)
  adviser.socket.emit('whereabouts', { dossierId: marker, place: 'note' })
  await admin.until('the marker is there', (s) => s.presence.get(marker)?.length === 1)
  expect(admin.presence.get(dossierId) ?? []).toEqual([])
})

it('in one batch a dossier and a second one for its new client, when each sees their own', async () => {
  await admin.send({ type: 'office.changeSettings', seesWhat: 'own' })
  const clientId = newId()
  const make = (client: object) =>
    adviser.send({
      type: 'dossier.create',
      dossierId: newId(),
      client: { id: clientId, ...client },
      kind: 'pension',
      title: 'Twins',
      amount: null,
    })
  const answers = await Promise.all([make({ new: { firstName: 'Twin', lastName: 'Client' } }), make({})])
  expect(answers).toMatchObject([{ ok: true }, { ok: true }])
  await admin.send({ type: 'office.changeSettings', seesWhat: 'everyone' })
})

it('L2 a change of reach between the handshake and the first catch-up is not missed', async () => {
  const stranger = await office.signIn('stranger')
  const screen = await stranger.open()
  screen.socket.removeAllListeners('connect')
  screen.socket.io.engine.close()
  await screen.until('it is away', (s) => !s.socket.connected)
  const reconnected = new Promise((resolve) => screen.socket.once('connect', () => resolve(undefined)))
  await reconnected
  // connected, not caught up: now the rights change
  await admin.send({ type: 'office.changeSettings', seesWhat: 'own' })
  const caught = await screen.socket.timeout(5_000).emitWithAck('catchUp', screen.at)
  expect(caught.kind).toBe('snapshot')
  const dossierId = await freshDossier()
  const lyon = [...admin.workspace.rows.values()].find((r) => r.divisionId === division('Lyon') && r.status === 'client')!
  const heard: string[] = []
  const heardLyon = new Promise<void>((resolve) =>
    screen.socket.on('delivery', (d) => {
      for (const item of d.items) if (item.kind === 'event') heard.push(...(subjectsOf(item.event) ?? []).map((s) => s.dossierId))
      if (heard.includes(lyon.id)) resolve()
    }),
  )
  await admin.send({ type: 'dossier.edit', dossierId, title: 'Not for Lyon' })
  await admin.send({ type: 'dossier.edit', dossierId: lyon.id, title: 'For Lyon' })
  await heardLyon
  expect(heard).toEqual([lyon.id])
  screen.close()
  await admin.send({ type: 'office.changeSettings', seesWhat: 'everyone' })
})

it('a first office can be created after a start that was cut short behind the account', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'codossier-orphan-'))
  const accounts = await openAccounts({ dataDir, publicOrigin: null, isAllowedOrigin: () => true })
  await accounts.create({ email: 'nora@brug.example', name: 'Nora', password })
  await accounts.close()
  const server = await startServer({ config: testConfig(dataDir), log: createLog('silent'), clientDir: null })
  const body = { code: server.setupCode(), officeName: 'De Brug', language: 'nl', currency: 'EUR', timeZone: 'Europe/Amsterdam' }
  const response = await fetch(`${server.url}/api/v1/setup`, {
    method: 'POST',
    headers: { origin: server.url, 'content-type': 'application/json' },
    body: JSON.stringify({ ...body, name: 'Nora', email: 'nora@brug.example', password: 'another good password', withSample: false }),
  })
  expect(response.status).toBe(201)
  await server.close()
  await rm(dataDir, { recursive: true, force: true })
})

it('a stop does not wait for a socket that never answers', async () => {
  const sleeper = await startSampleOffice(['adviser'])
  const screen = await (await sleeper.signIn('adviser')).open()
  // as a laptop that fell asleep: the line is there, nobody reads
  const { transport } = screen.socket.io.engine as unknown as { transport: { ws: { _socket: { pause(): void; destroy(): void } } } }
  transport.ws._socket.pause()
  const startedAt = performance.now()
  await sleeper.stop()
  expect(performance.now() - startedAt).toBeLessThan(8_000)
  transport.ws._socket.destroy()
  screen.close()
})
