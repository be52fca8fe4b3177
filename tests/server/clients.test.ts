import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import type { Client } from '#shared/contracts/client.ts'
import type { EditClient } from '#shared/contracts/client-edit.ts'
import type { OfficeEvent } from '#shared/contracts/events.ts'
import type { NoteHit } from '#shared/contracts/note-hit.ts'
import { noteField } from '#shared/contracts/notes-wire.ts'
import { newId } from '../../server/new-id.ts'
import type { Screen } from '../harness/member.ts'
import { startSampleOffice, type TestOffice } from '../harness/office.ts'
import { openTypist, untilSaved } from '../harness/typist.ts'

let office: TestOffice
let adviser: Screen
let manager: Screen
let admin: Screen
let stranger: Screen
let viewer: Screen

beforeAll(async () => {
  office = await startSampleOffice(['adviser', 'manager', 'admin', 'stranger', 'viewer'])
  const open = async (who: Parameters<TestOffice['signIn']>[0]) => (await office.signIn(who)).open()
  ;[adviser, manager, admin, stranger, viewer] = await Promise.all([
    open('adviser'),
    open('manager'),
    open('admin'),
    open('stranger'),
    open('viewer'),
  ])
})
afterAll(async () => {
  for (const screen of [adviser, manager, admin, stranger, viewer]) screen?.close()
  await office?.stop()
})

/** A new client of the adviser's with a dossier (or another one of the same client), known to the adviser and the manager. */
async function household(known?: string): Promise<{ clientId: string; dossierId: string }> {
  const [clientId, dossierId] = [known ?? newId(), newId()]
  const client = known ? { id: known } : { id: clientId, new: { firstName: 'Nora', lastName: 'Sørensen' } }
  const answer = await adviser.send({ type: 'dossier.create', dossierId, client, kind: 'mortgage', title: 'First home', amount: null })
  expect(answer).toMatchObject({ ok: true })
  for (const screen of [adviser, manager, admin]) await screen.until('the dossier is there', (s) => s.row(dossierId) !== undefined)
  return { clientId, dossierId }
}

const clientAs = async (screen: Screen, id: string) => (await (await screen.member.get(`/api/v1/clients/${id}`)).json()) as Client
const edit = (clientId: string, fields: EditClient['fields']): EditClient => ({ type: 'client.edit', clientId, fields })
const editsSeenBy = (screen: Screen, clientId: string) =>
  screen.applied
    .flatMap((delivery) => delivery.items)
    .flatMap((item) => (item.kind === 'event' ? [item.event] : []))
    .filter((event): event is OfficeEvent & { type: 'client.edited' } => event.type === 'client.edited' && event.clientId === clientId)

describe('a client, kept once', () => {
  it('S3.1 an edit is there for everybody at once, in all of the client’s dossiers, with before and after', async () => {
    const { clientId, dossierId } = await household()
    const second = await household(clientId)
    const partner = { firstName: 'Olaf', lastName: 'Lind', birthDate: null, status: 'partner', statusDate: null } as const
    expect(await manager.send(edit(clientId, { lastName: 'Lind', phone: '+31 6 1', partner }))).toMatchObject({ ok: true })
    for (const id of [dossierId, second.dossierId]) {
      await adviser.until('the names are those of the client', (s) => s.row(id)?.clientName === 'Nora Lind')
      expect(adviser.row(id)?.partnerName).toBe('Olaf Lind')
      expect((await adviser.member.page(id)).dossier).toMatchObject({ clientName: 'Nora Lind', partnerName: 'Olaf Lind' })
    }
    expect(await clientAs(adviser, clientId)).toMatchObject({ lastName: 'Lind', phone: '+31 6 1', partner })
    const [event] = editsSeenBy(adviser, clientId)
    expect(event).toMatchObject({ by: manager.memberId, fields: { lastName: ['Sørensen', 'Lind'], phone: [null, '+31 6 1'] } })
    const { history } = await adviser.member.page(dossierId)
    expect(history[0]).toMatchObject({ type: 'client.edited', fields: { clientName: ['Nora Sørensen', 'Nora Lind'] } })
  })

  it('S3.1 what a dossier does not show leaves its row as it is, and still reaches the screens', async () => {
    const { clientId, dossierId } = await household()
    const before = adviser.row(dossierId)
    await manager.send(edit(clientId, { phone: '+31 6 2' }))
    await adviser.until('the edit arrived', (s) => editsSeenBy(s, clientId).length === 1)
    expect(adviser.row(dossierId)).toEqual(before)
    expect((await adviser.member.page(dossierId)).dossier).toMatchObject({ at: before?.at, changedAt: before?.changedAt })
    const repeated = await manager.send(edit(clientId, { phone: '+31 6 2' }))
    expect(repeated).toEqual({ ok: true, n: null })
  })

  it('S3.1 two people set different fields and both stay; the same field is refused, naming who and which', async () => {
    const { clientId } = await household()
    const seen = adviser.at
    await manager.send(edit(clientId, { phone: '+31 6 3' }))
    await manager.send(edit(clientId, { city: 'Lyon' }))
    expect(await adviser.send(edit(clientId, { email: 'nora@example.com' }), { seen })).toMatchObject({ ok: true })
    expect(await adviser.send(edit(clientId, { phone: '+31 6 4' }), { seen })).toMatchObject({
      ok: false,
      refusal: { code: 'changedMeanwhile', field: 'phone', memberId: manager.memberId, memberName: 'Davy van der Pol' },
    })
    expect(await clientAs(manager, clientId)).toMatchObject({ phone: '+31 6 3', city: 'Lyon', email: 'nora@example.com' })
    const own = manager.at
    expect(await manager.send(edit(clientId, { city: 'Nice' }), { seen: own })).toMatchObject({ ok: true })
    expect(await manager.send(edit(clientId, { city: 'Metz' }), { seen: own })).toMatchObject({ ok: true })
  })

  it('L4 an edit is taken back, once, names in dossiers included, unless the field has been set since', async () => {
    const { clientId, dossierId } = await household()
    const [id, undo] = [newId(), newId()]
    await adviser.send(edit(clientId, { lastName: 'Lind' }), { id })
    expect(await manager.send(edit(clientId, { phone: '1' }))).toMatchObject({ ok: true })
    expect(await adviser.send({ type: 'change.undo', commandId: id }, { id: undo })).toMatchObject({ ok: true })
    await manager.until('the name is back', (s) => s.row(dossierId)?.clientName === 'Nora Sørensen')
    expect(await clientAs(manager, clientId)).toMatchObject({ lastName: 'Sørensen', phone: '1' })
    const again = await adviser.send({ type: 'change.undo', commandId: id })
    expect(again).toMatchObject({ ok: false, refusal: { code: 'undoNotPossible', reason: 'alreadyUndone' } })
    expect(await adviser.send({ type: 'change.undo', commandId: undo })).toMatchObject({ ok: true })
    await manager.until('the undo is undone', (s) => s.row(dossierId)?.clientName === 'Nora Lind')
    const phone = newId()
    await adviser.send(edit(clientId, { phone: '2' }), { id: phone })
    await manager.send(edit(clientId, { phone: '3' }), { seen: 1_000_000 })
    expect(await adviser.send({ type: 'change.undo', commandId: phone })).toMatchObject({
      ok: false,
      refusal: { code: 'changedMeanwhile', field: 'phone', memberName: 'Davy van der Pol' },
    })
  })

  it('who reads may not edit; bad fields and unknown clients are refused and change nothing', async () => {
    const { clientId } = await household()
    expect(await viewer.send(edit(clientId, { phone: '9' }))).toMatchObject({ ok: false, refusal: { code: 'forbidden' } })
    expect(await adviser.send(edit(newId(), { phone: '9' }))).toMatchObject({ ok: false, refusal: { code: 'notFound', what: 'client' } })
    const bad = [{ lastName: ' ' }, { birthDate: '2001-02-30' }, { adviceFor: 'nobody' }, { ownerId: null }, { phone: '9'.repeat(201) }]
    for (const fields of bad) {
      const response = await adviser.member.post('/api/v1/commands/client.edit', { clientId, fields }, { 'idempotency-key': newId() })
      expect(response.status).toBe(422)
      const { refusal } = (await response.json()) as { refusal: { code: string; issues: { field: string }[] } }
      expect(refusal.code).toBe('invalid')
      expect(refusal.issues[0]?.field).toMatch(/^fields/)
    }
    expect(await clientAs(adviser, clientId)).toMatchObject({ lastName: 'Sørensen', phone: null })
  })
})

describe('a client beyond the own reach', () => {
  it('S3.1 an edit reaches exactly those who may see the client, each with the dossiers they see', async () => {
    expect(await admin.send({ type: 'office.changeSettings', seesWhat: 'own' })).toMatchObject({ ok: true })
    const { clientId, dossierId } = await household()
    const hidden = await stranger.send(edit(clientId, { phone: '9' }))
    expect(hidden).toMatchObject({ ok: false, refusal: { code: 'notFound', what: 'client' } })
    await adviser.send(edit(clientId, { phone: '1' }))
    // one of the client's dossiers goes to the stranger: the client is then theirs to see, through that one alone
    const second = await household(clientId)
    const { frame } = admin
    const ownerId = frame.owners.find((o) => o.memberId === stranger.memberId)!.id
    const divisionId = frame.divisions.find((d) => d.name === 'Lyon')!.id
    // S0.3: its present owner is not in that division
    await admin.send({ type: 'dossier.changeOwner', dossierId: second.dossierId, ownerId: null })
    const given = await admin.send({ type: 'dossier.changeOwner', dossierId: second.dossierId, ownerId, divisionId })
    expect(given).toMatchObject({ ok: true })
    await stranger.until('the given dossier is there', (s) => s.row(second.dossierId) !== undefined)
    expect(editsSeenBy(stranger, clientId)).toEqual([])
    await adviser.send(edit(clientId, { phone: '2' }))
    await stranger.until('the edit arrived', (s) => editsSeenBy(s, clientId).length === 1)
    expect(editsSeenBy(stranger, clientId)[0]?.subjects.map((s) => s.dossierId)).toEqual([second.dossierId])
    await admin.until('the admin has both', (s) => editsSeenBy(s, clientId).length === 2)
    expect(
      editsSeenBy(admin, clientId)[1]
        ?.subjects.map((s) => s.dossierId)
        .toSorted(),
    ).toEqual([dossierId, second.dossierId].toSorted())
    expect(await stranger.send(edit(clientId, { phone: '3' }))).toMatchObject({ ok: true })
  })
})

describe('what a note says', () => {
  const found = async (screen: Screen, search: string) =>
    ((await (await screen.member.post('/api/v1/notes/search', { search })).json()) as { notes: NoteHit[] }).notes

  it('is found by who may see the dossier, some seconds after it was written, and by nobody else', async () => {
    const { dossierId } = await household()
    const typist = await openTypist(adviser.member, dossierId)
    const paragraph = new Y.XmlElement('paragraph')
    paragraph.insert(0, [new Y.XmlText('Erfpacht until 2031')])
    typist.session.doc?.getXmlFragment(noteField).push([paragraph])
    await untilSaved([typist])
    const hit = { dossierId, number: adviser.row(dossierId)?.number, name: 'Nora Sørensen', excerpt: 'Erfpacht until 2031' }
    await expect.poll(() => found(manager, '2031 ERFPA')).toEqual([hit])
    expect(await found(adviser, 'erfpacht')).toEqual([hit])
    // what came with the sample office's files
    await expect.poll(async () => (await found(admin, 'necessitatibus fug')).length).toBeGreaterThan(0)
    await admin.send({ type: 'office.changeSettings', seesWhat: 'own' })
    expect(await found(stranger, 'erfpacht')).toEqual([])
    typist.session.destroy()
  })
})
