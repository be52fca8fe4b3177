import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Columns, WorkspaceManifest } from '#shared/contracts/workspace.ts'
import { newId } from '../../server/new-id.ts'
import type { Screen } from '../harness/member.ts'
import { startSampleOffice, type TestOffice } from '../harness/office.ts'

let office: TestOffice
let admin: Screen
let adviser: Screen
let stranger: Screen

beforeAll(async () => {
  office = await startSampleOffice(['admin', 'adviser', 'stranger'])
  admin = await (await office.signIn('admin')).open()
  adviser = await (await office.signIn('adviser')).open()
  stranger = await (await office.signIn('stranger')).open()
})
afterAll(async () => {
  for (const screen of [admin, adviser, stranger]) screen?.close()
  await office?.stop()
})

const division = (name: string) => admin.frame.divisions.find((d) => d.name === name)!.id
const owner = (name: string) => admin.frame.owners.find((o) => o.name === name)!.id

async function dossierOfAdviser(): Promise<string> {
  const dossierId = newId()
  const client = { id: newId(), new: { firstName: '', lastName: 'Attacked' } }
  await adviser.send({ type: 'dossier.create', dossierId, client, kind: 'wealth', title: 'Mine', amount: null })
  await admin.until('it is there', (s) => s.row(dossierId) !== undefined)
  return dossierId
}

it('the data folder and what is in it are for the server’s own user', async () => {
  expect((await stat(join(office.dataDir, 'secret'))).mode & 0o077).toBe(0)
  expect((await stat(office.dataDir)).mode & 0o077).toBe(0)
})

it('L4 an undo by HTTP, and a repetition under one Idempotency-Key has one effect', async () => {
  const dossierId = await dossierOfAdviser()
  const { member } = adviser
  const id = newId()
  const first = await member.command({ type: 'dossier.edit', dossierId, title: 'By HTTP' }, id)
  expect(first.status).toBe(200)
  expect(await member.command({ type: 'dossier.edit', dossierId, title: 'By HTTP' }, id)).toEqual(first)
  expect((await member.command({ type: 'change.undo', commandId: id })).status).toBe(200)
  expect((await member.page(dossierId)).dossier.title).toBe('Mine')
  const badKey = await member.post('/api/v1/commands/dossier.edit', { dossierId, title: 'x' }, { 'idempotency-key': 'no' })
  expect(badKey.status).toBe(422)
})

describe('L4 the author’s ten minutes', () => {
  it('do not outlast the role', async () => {
    const dossierId = await dossierOfAdviser()
    const id = newId()
    await adviser.send({ type: 'dossier.edit', dossierId, title: 'Then demoted' }, { id })
    await admin.send({ type: 'member.changeRole', memberId: adviser.memberId, role: 'viewer' })
    expect(await adviser.send({ type: 'change.undo', commandId: id })).toMatchObject({ ok: false, refusal: { code: 'forbidden' } })
    await admin.send({ type: 'member.changeRole', memberId: adviser.memberId, role: 'adviser' })
  })

  it('do not reach a dossier that somebody else took out of sight, and do reach one that was given away', async () => {
    await admin.send({ type: 'office.changeSettings', seesWhat: 'own' })
    const dossierId = await dossierOfAdviser()
    const edited = newId()
    await adviser.send({ type: 'dossier.edit', dossierId, title: 'Then taken away' }, { id: edited })
    await admin.send({ type: 'dossier.changeOwner', dossierId, ownerId: null })
    await admin.send({ type: 'dossier.changeOwner', dossierId, divisionId: division('Lyon') })
    expect(await adviser.send({ type: 'change.undo', commandId: edited })).toEqual({
      ok: false,
      refusal: { code: 'notFound', what: 'change' },
    })

    const given = await dossierOfAdviser()
    await admin.send({ type: 'dossier.changeOwner', dossierId: given, divisionId: null })
    const gave = newId()
    await adviser.send({ type: 'dossier.changeOwner', dossierId: given, ownerId: owner('Hector Nguyen') }, { id: gave })
    await adviser.until('it is gone', (s) => s.row(given) === undefined)
    expect(await adviser.send({ type: 'change.undo', commandId: gave })).toMatchObject({ ok: true })
    await adviser.until('it is back', (s) => s.row(given)?.ownerId === owner('Aimée Corsten'))
    await admin.send({ type: 'office.changeSettings', seesWhat: 'everyone' })
  })

  it('S0.3 do not bring back an owner who has left the division', async () => {
    const dossierId = await dossierOfAdviser()
    const id = newId()
    await admin.send({ type: 'dossier.changeOwner', dossierId, ownerId: owner('Julian den Adel') }, { id })
    await admin.send({ type: 'member.changeDivisions', memberId: adviser.memberId, divisionIds: [division('Wealth')] })
    expect(await admin.send({ type: 'change.undo', commandId: id })).toMatchObject({
      ok: false,
      refusal: { code: 'ownerNotInDivision', ownerName: 'Aimée Corsten' },
    })
    await admin.send({ type: 'member.changeDivisions', memberId: adviser.memberId, divisionIds: [division('Rotterdam')] })
  })
})

it('L2 who joins a division does not get what had left it before, not even in a chunk', async () => {
  await admin.send({ type: 'office.changeSettings', seesWhat: 'own' })
  const opened = (await (await adviser.member.get('/api/v1/workspace')).json()) as WorkspaceManifest
  const old = opened.chunks.find((c) => c.key === division('Rotterdam'))!
  const leaving = [...admin.workspace.rows.values()].find((r) => r.divisionId === division('Rotterdam') && r.status === 'client')!
  await admin.send({ type: 'dossier.changeOwner', dossierId: leaving.id, ownerId: null })
  await admin.send({ type: 'dossier.changeOwner', dossierId: leaving.id, divisionId: division('Köln') })
  await admin.send({ type: 'member.changeDivisions', memberId: stranger.memberId, divisionIds: [division('Rotterdam')] })
  const { member } = stranger
  expect((await member.get(`/api/v1/workspace/chunks/${old.key}/${old.at}`)).status).toBe(404)
  const manifest = (await (await member.get('/api/v1/workspace')).json()) as WorkspaceManifest
  for (const { key, at } of manifest.chunks) {
    const columns = (await (await member.get(`/api/v1/workspace/chunks/${key}/${at}`)).json()) as Columns
    expect(columns.id).not.toContain(leaving.id)
  }
  await admin.send({ type: 'office.changeSettings', seesWhat: 'everyone' })
})

it('a flood of messages ends that socket, and nobody else’s', async () => {
  const flooder = await (await office.signIn('stranger')).open()
  const cut = new Promise((resolve) => flooder.socket.once('disconnect', resolve))
  for (let i = 0; i < 5_000; i++) flooder.socket.emit('whereabouts', null)
  await cut
  flooder.close()
  const dossierId = await dossierOfAdviser()
  expect(await adviser.send({ type: 'dossier.edit', dossierId, title: 'Undisturbed' })).toMatchObject({ ok: true })
})
