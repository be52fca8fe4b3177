import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Answer, Command } from '#shared/contracts/commands.ts'
import type { DossierRow } from '#shared/contracts/dossier.ts'
import type { Id } from '#shared/contracts/ids.ts'
import { newId } from '../../server/new-id.ts'
import { invite } from '../harness/links.ts'
import { type Screen, signIn } from '../harness/member.ts'
import { password, startSampleOffice, type TestOffice } from '../harness/office.ts'

let office: TestOffice
let admin: Screen
let other: Screen
let adviser: Screen

beforeAll(async () => {
  office = await startSampleOffice(['admin', 'manager', 'adviser'])
  admin = await (await office.signIn('admin')).open()
  other = await (await office.signIn('manager')).open()
  adviser = await (await office.signIn('adviser')).open()
  await admin.send({ type: 'member.changeRole', memberId: other.memberId, role: 'admin' })
})
afterAll(async () => {
  for (const screen of [admin, other, adviser]) screen?.close()
  await office?.stop()
})

const rows = (screen: Screen): DossierRow[] => [...screen.workspace.rows.values()]
const division = (name: string): Id => admin.frame.divisions.find((d) => d.name === name)!.id
const stage = (name: string): Id => admin.frame.stages.find((s) => s.names.en === name)!.id
const nameOf = (id: Id): string => admin.frame.members.find((m) => m.id === id)!.name
const refusal = (code: string, more: object = {}) => ({ ok: false, refusal: { code, ...more } })

/** Sends it, and waits until it is on all three screens. */
async function done(screen: Screen, command: Command, id = newId()): Promise<Id> {
  const answer: Answer = await screen.send(command, { id })
  if (!answer.ok) throw new Error(`${command.type}: ${JSON.stringify(answer.refusal)}`)
  for (const one of [admin, other, adviser]) await one.until(`${command.type} is there`, (s) => s.at >= (answer.n ?? 0))
  return id
}
const undo = (screen: Screen, commandId: Id, memberId?: Id): Command => ({ type: 'change.undo', commandId, ...(memberId && { memberId }) })

describe('divisions', () => {
  it('S0.1 an admin creates, renames and deletes them, and nobody else; each screen shows it', async () => {
    const divisionId = newId()
    await done(admin, { type: 'division.create', divisionId, name: 'Ålborg' })
    expect(adviser.frame.divisions).toContainEqual({ id: divisionId, name: 'Ålborg' })
    expect(await admin.send({ type: 'division.create', divisionId, name: 'Other' })).toEqual(refusal('idTaken'))
    expect(await admin.send({ type: 'division.create', divisionId: newId(), name: 'ALBORG' })).toEqual(refusal('divisionNameTaken'))
    expect(await admin.send({ type: 'division.rename', divisionId, name: 'lyon' })).toEqual(refusal('divisionNameTaken'))
    await done(admin, { type: 'division.rename', divisionId, name: 'ÅLBORG' })
    expect(adviser.frame.divisions.find((d) => d.id === divisionId)?.name).toBe('ÅLBORG')
    const commands: Command[] = [
      { type: 'division.create', divisionId: newId(), name: 'Mine' },
      { type: 'division.rename', divisionId, name: 'Mine' },
      { type: 'division.delete', divisionId },
      { type: 'office.changeSettings', name: 'Mine' },
    ]
    for (const command of commands) expect(await adviser.send(command)).toEqual(refusal('forbidden', { action: 'office.manage' }))
    await done(admin, { type: 'division.delete', divisionId })
    expect(adviser.frame.divisions.some((d) => d.id === divisionId)).toBe(false)
    expect(await admin.send({ type: 'division.rename', divisionId, name: 'Gone' })).toEqual(refusal('notFound', { what: 'division' }))
  })

  it('S0.1 only an empty one is deleted: what it holds is counted', async () => {
    const lyon = division('Lyon')
    const answer = await admin.send({ type: 'division.delete', divisionId: lyon })
    expect(answer).toMatchObject(
      refusal('divisionNotEmpty', {
        members: admin.frame.members.filter((m) => m.divisionIds.includes(lyon)).length,
        owners: 0,
        dossiers: rows(admin).filter((r) => r.divisionId === lyon).length,
      }),
    )
    expect(!answer.ok && answer.refusal.code === 'divisionNotEmpty' && answer.refusal.clients).toBeGreaterThan(100)
    const divisionId = newId()
    await done(admin, { type: 'division.create', divisionId, name: 'Held' })
    const row = rows(admin).find((r) => r.divisionId === lyon && r.status === 'client')!
    await done(admin, { type: 'dossier.changeOwner', dossierId: row.id, ownerId: null })
    const held = { members: 0, owners: 0, clients: 0, dossiers: 1 }
    // two that come at once: the second is judged on what the first did
    const [moved, deleted] = await Promise.all([
      admin.send({ type: 'dossier.changeOwner', dossierId: row.id, divisionId }),
      admin.send({ type: 'division.delete', divisionId }),
    ])
    expect(moved).toMatchObject({ ok: true })
    expect(deleted).toEqual(refusal('divisionNotEmpty', held))
    await done(admin, { type: 'dossier.changeOwner', dossierId: row.id, divisionId: lyon })
    await done(admin, { type: 'member.linkDivision', memberId: adviser.memberId, divisionId, linked: true })
    expect(await admin.send({ type: 'division.delete', divisionId })).toEqual(
      refusal('divisionNotEmpty', { members: 1, owners: 0, clients: 0, dossiers: 0 }),
    )
    await done(admin, { type: 'member.linkDivision', memberId: adviser.memberId, divisionId, linked: false })
    await done(admin, { type: 'division.delete', divisionId })
  })

  it('L4 what was done to them is taken back, unless the same was changed since: then it says by whom', async () => {
    const divisionId = newId()
    const created = await done(admin, { type: 'division.create', divisionId, name: 'First name' })
    const renamed = await done(admin, { type: 'division.rename', divisionId, name: 'Second name' })
    await done(other, undo(other, renamed, admin.memberId))
    expect(adviser.frame.divisions.find((d) => d.id === divisionId)?.name).toBe('First name')
    await done(other, { type: 'division.rename', divisionId, name: 'Third name' })
    const changed = refusal('changedSince', { what: 'Third name', memberName: nameOf(other.memberId) })
    expect(await admin.send(undo(admin, renamed))).toEqual(changed)
    expect(await admin.send(undo(admin, created))).toEqual(changed)
    const deleted = await done(admin, { type: 'division.delete', divisionId })
    await done(admin, undo(admin, deleted))
    expect(adviser.frame.divisions.find((d) => d.id === divisionId)?.name).toBe('Third name')
    expect(await admin.send(undo(admin, deleted))).toEqual(
      refusal('changedSince', { what: 'Third name', memberName: nameOf(admin.memberId) }),
    )
    expect(await adviser.send(undo(adviser, deleted, admin.memberId))).toEqual(refusal('forbidden', { action: 'office.manage' }))
    await done(admin, { type: 'division.delete', divisionId })
  })
})

describe('people', () => {
  const member = (id: Id) => admin.frame.members.find((m) => m.id === id)!

  it('L4 a tick is taken back, those of others beside it stay', async () => {
    const { memberId } = await invite(admin, 'adviser', { divisionIds: [division('Lyon')] })
    const ticked = await done(admin, { type: 'member.linkDivision', memberId, divisionId: division('Wealth'), linked: true })
    await done(other, { type: 'member.linkDivision', memberId, divisionId: division('Rotterdam'), linked: true })
    await done(admin, undo(admin, ticked))
    expect(member(memberId).divisionIds).toEqual([division('Lyon'), division('Rotterdam')])
    expect(await admin.send(undo(admin, ticked))).toEqual({ ok: true, n: null })
    const role = await done(admin, { type: 'member.changeRole', memberId, role: 'clerk' })
    await done(other, { type: 'member.changeRole', memberId, role: 'viewer' })
    expect(await admin.send(undo(admin, role))).toEqual(
      refusal('changedSince', { what: member(memberId).name, memberName: nameOf(other.memberId) }),
    )
  })

  it('L4 deactivating is taken back; what ended an invitation is not, and the last admin stays', async () => {
    // the screen of who is deactivated is signed out, so it is waited for on the admin's
    const set = async (command: Command, state: 'active' | 'deactivated') => {
      const id = newId()
      expect(await admin.send(command, { id })).toMatchObject({ ok: true })
      await admin.until(state, () => member(other.memberId).state === state)
      return id
    }
    const memberIs = (state: 'active' | 'deactivated'): Command => ({ type: 'member.changeState', memberId: other.memberId, state })
    const off = await set(memberIs('deactivated'), 'deactivated')
    await set(undo(admin, off), 'active')
    expect(await admin.send(undo(admin, off))).toMatchObject(refusal('changedSince', { memberName: nameOf(admin.memberId) }))
    await set(memberIs('deactivated'), 'deactivated')
    const on = await set(memberIs('active'), 'active')
    await set(undo(admin, on), 'deactivated')
    await set(memberIs('active'), 'active')
    other = await (await office.signIn('manager')).open()

    const { memberId } = await invite(admin, 'clerk')
    const ended = await done(admin, { type: 'member.changeState', memberId, state: 'deactivated' })
    expect(await admin.send(undo(admin, ended))).toEqual(refusal('undoNotPossible', { reason: 'notUndoable' }))

    const promoted = await done(admin, { type: 'member.changeRole', memberId: adviser.memberId, role: 'admin' })
    await done(admin, { type: 'member.changeRole', memberId: other.memberId, role: 'manager' })
    await done(adviser, { type: 'member.changeRole', memberId: admin.memberId, role: 'manager' })
    expect(await adviser.send(undo(adviser, promoted, admin.memberId))).toEqual(refusal('lastAdmin'))
    await done(adviser, { type: 'member.changeRole', memberId: admin.memberId, role: 'admin' })
    await done(admin, undo(admin, promoted))
    await done(admin, { type: 'member.changeRole', memberId: other.memberId, role: 'admin' })
  })
})

describe('settings of the office', () => {
  it('name, language and time zone are on every screen, and go back; a time zone that does not exist is refused', async () => {
    const before = adviser.frame.office
    const id = await done(admin, { type: 'office.changeSettings', name: 'Bureau', language: 'fr', timeZone: 'Europe/Paris' })
    expect(adviser.frame.office).toEqual({ ...before, name: 'Bureau', language: 'fr', timeZone: 'Europe/Paris' })
    expect(await admin.member.command({ type: 'office.changeSettings', timeZone: 'Europe/Nowhere' })).toMatchObject({
      status: 422,
      body: { refusal: { issues: [{ field: 'timeZone' }] } },
    })
    await done(admin, undo(admin, id))
    expect(adviser.frame.office).toEqual(before)
    const mine = await done(admin, { type: 'office.changeSettings', name: 'One' })
    await done(other, { type: 'office.changeSettings', name: 'Two' })
    expect(await admin.send(undo(admin, mine))).toEqual(refusal('changedSince', { what: 'Two', memberName: nameOf(other.memberId) }))
    await done(admin, { type: 'office.changeSettings', name: before.name })
  })
})

describe('stages', () => {
  it('S4.9 are added, named, placed and removed by an admin, and all screens have them so', async () => {
    const stageId = newId()
    const added = await done(admin, { type: 'stage.add', stageId, names: { en: 'Valued' }, usualDays: 5, before: stage('Offer received') })
    const order = () => adviser.frame.stages.map((s) => s.names.en)
    expect(order().slice(2, 5)).toEqual(['Bank appointment', 'Valued', 'Offer received'])
    await done(admin, { type: 'stage.edit', stageId, names: { en: 'Appraised', de: 'Bewertet' } })
    await done(admin, { type: 'stage.place', stageId, before: null })
    expect(adviser.frame.stages.at(-1)).toEqual({ id: stageId, names: { en: 'Appraised', de: 'Bewertet' }, closing: false, usualDays: 5 })
    // after a restart they stand as they were put
    const workspace = (await (await adviser.member.get('/api/v1/workspace')).json()) as { frame: { stages: unknown } }
    expect(workspace.frame.stages).toEqual(admin.frame.stages)
    expect(await admin.send(undo(admin, added))).toMatchObject(refusal('changedSince', { what: 'Appraised' }))
    await done(admin, { type: 'stage.remove', stageId, moveTo: null })
    expect(order()).not.toContain('Appraised')
    expect(await adviser.send({ type: 'stage.remove', stageId, moveTo: null })).toEqual(refusal('forbidden', { action: 'office.manage' }))
    expect(await admin.send({ type: 'stage.edit', stageId: stage('Offer signed'), names: { fr: 'Signée' } })).toEqual(
      refusal('nameMissing', { language: 'en' }),
    )
    expect(await admin.send({ type: 'stage.remove', stageId: stage('Dossier closed'), moveTo: null })).toEqual(refusal('closingStage'))
  })

  it('S4.9 one that holds dossiers asks where they go; they all go there in that step, abandoned ones stay abandoned', async () => {
    const from = stage('Documents received')
    const to = stage('Offer signed')
    const held = rows(admin).filter((r) => r.stageId === from)
    expect(new Set(held.map((r) => r.status))).toEqual(new Set(['client', 'abandoned']))
    expect(await admin.send({ type: 'stage.remove', stageId: from, moveTo: null })).toEqual(
      refusal('stageHoldsDossiers', { count: held.length }),
    )
    expect(await admin.send({ type: 'stage.remove', stageId: from, moveTo: from })).toEqual(refusal('notFound', { what: 'stage' }))
    const stagesBefore = admin.frame.stages
    const id = await done(admin, { type: 'stage.remove', stageId: from, moveTo: to })
    for (const screen of [admin, adviser]) {
      expect(held.map(({ id: dossierId }) => screen.row(dossierId))).toEqual(
        held.map((r) => expect.objectContaining({ id: r.id, stageId: to, status: r.status })),
      )
      expect(rows(screen).some((r) => r.stageId === from)).toBe(false)
    }
    // and back: the stage in its place, each dossier as it was
    await done(admin, undo(admin, id))
    expect(adviser.frame.stages).toEqual(stagesBefore)
    expect(held.map(({ id: dossierId }) => adviser.row(dossierId)?.stageSince)).toEqual(held.map((r) => r.stageSince))
    expect(new Set(held.map(({ id: dossierId }) => adviser.row(dossierId)?.stageId))).toEqual(new Set([from]))
    await done(admin, { type: 'stage.remove', stageId: from, moveTo: stage('Dossier closed') })
    expect(held.map(({ id: dossierId }) => adviser.row(dossierId)?.status)).toEqual(
      held.map((r) => (r.status === 'abandoned' ? 'abandoned' : 'closed')),
    )
  })

  it('S4.9 another closing stage closes what stands in it, and what stood in the old one is a client’s; an undo names who moved one since', async () => {
    const next = stage('Offer signed')
    const old = stage('Dossier closed')
    const before = rows(admin)
    const id = await done(admin, { type: 'stage.makeClosing', stageId: next })
    expect(adviser.frame.stages.filter((s) => s.closing).map((s) => s.id)).toEqual([next])
    const status = (r: DossierRow) =>
      r.status === 'abandoned' ? 'abandoned' : r.stageId === next ? 'closed' : r.stageId === old ? 'client' : r.status
    expect(before.map((r) => adviser.row(r.id)?.status)).toEqual(before.map(status))
    const moved = before.find((r) => r.stageId === old && r.status === 'closed')!
    await done(other, { type: 'dossier.moveStage', dossierId: moved.id, stageId: next })
    expect(await admin.send(undo(admin, id))).toMatchObject(
      refusal('changedMeanwhile', { field: 'status', memberName: nameOf(other.memberId) }),
    )
    await done(admin, { type: 'stage.makeClosing', stageId: old })
    expect(before.filter((r) => r.id !== moved.id).map((r) => adviser.row(r.id)?.status)).toEqual(
      before.filter((r) => r.id !== moved.id).map((r) => (r.stageId === next && r.status !== 'abandoned' ? 'client' : r.status)),
    )
  })

  it('S4.9 an office keeps a stage beside the closing one', async () => {
    const others = admin.frame.stages.filter((s) => !s.closing).map((s) => s.id)
    const last = others.pop()!
    for (const stageId of others) await done(admin, { type: 'stage.remove', stageId, moveTo: last })
    expect(await admin.send({ type: 'stage.remove', stageId: last, moveTo: null })).toEqual(refusal('lastStage'))
  })
})

describe('an office of its own', () => {
  it('S0.8 the first division turns the setting on, and taking it back turns it off', async () => {
    const { server } = office
    const email = 'alone@office.example'
    const accountId = await server.createAccount({ email, name: 'Alone', password })
    const settings = { name: 'Alone', language: 'en', currency: 'EUR', timeZone: 'UTC' } as const
    await server.createOffice({
      office: settings,
      admin: { name: 'Alone', email, accountId: accountId! },
      withSample: false,
      accounts: new Map(),
    })
    const alone = await (await signIn(server.url, email, password)).open()
    expect(alone.frame.office.divisionsOn).toBe(false)
    const id = newId()
    await alone.send({ type: 'division.create', divisionId: newId(), name: 'First' }, { id })
    await alone.until('on', (s) => s.frame.office.divisionsOn)
    await alone.send({ type: 'division.create', divisionId: newId(), name: 'Second' })
    await alone.until('two', (s) => s.frame.divisions.length === 2)
    const second = alone.frame.divisions.find((d) => d.name === 'Second')!
    await alone.send({ type: 'division.delete', divisionId: second.id })
    expect(await alone.send({ type: 'change.undo', commandId: id })).toMatchObject({ ok: true })
    await alone.until('off', (s) => !s.frame.office.divisionsOn && s.frame.divisions.length === 0)
    alone.close()
  })
})
