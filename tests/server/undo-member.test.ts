import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Command } from '#shared/contracts/commands.ts'
import { newId } from '../../server/new-id.ts'
import { invite } from '../harness/links.ts'
import type { Screen } from '../harness/member.ts'
import { startSampleOffice, type TestOffice } from '../harness/office.ts'

let office: TestOffice
let admin: Screen
let adviser: Screen

beforeAll(async () => {
  office = await startSampleOffice(['admin', 'adviser'])
  admin = await (await office.signIn('admin')).open()
  adviser = await (await office.signIn('adviser')).open()
})
afterAll(async () => {
  admin?.close()
  adviser?.close()
  await office?.stop()
})

const member = (id: string) => admin.frame.members.find((m) => m.id === id)!
const division = (name: string) => admin.frame.divisions.find((d) => d.name === name)!.id

/** Does it, and resolves with its id once this screen stands at it. */
async function done(screen: Screen, command: Command): Promise<string> {
  const id = newId()
  const answer = await screen.send(command, { id })
  expect(answer).toMatchObject({ ok: true })
  await admin.until('it is there', (s) => answer.ok && s.at >= (answer.n ?? 0))
  return id
}
const undo = (screen: Screen, commandId: string) => screen.send({ type: 'change.undo', commandId })

async function someone(): Promise<string> {
  const { memberId } = await invite(admin, 'adviser', { divisionIds: [division('Lyon')] })
  await admin.until('they are there', () => member(memberId) !== undefined)
  return memberId
}

describe('L4 what was done to a member', () => {
  it('goes back: role, state, and ticks without those that came after', async () => {
    const memberId = await someone()
    const role = await done(admin, { type: 'member.changeRole', memberId, role: 'viewer' })
    const tick = await done(admin, { type: 'member.linkDivision', memberId, divisionId: division('Köln'), linked: true })
    const untick = await done(admin, { type: 'member.linkDivision', memberId, divisionId: division('Lyon'), linked: false })
    await done(admin, { type: 'member.linkDivision', memberId, divisionId: division('Wealth'), linked: true })
    const state = await done(admin, { type: 'member.changeState', memberId, state: 'deactivated' })
    for (const id of [role, tick, untick]) expect(await undo(admin, id)).toMatchObject({ ok: true })
    // their invitation ended with it, which cannot be taken back: they are let in again, and sent another link
    expect(await undo(admin, state)).toEqual({ ok: false, refusal: { code: 'undoNotPossible', reason: 'notUndoable' } })
    await done(admin, { type: 'member.changeState', memberId, state: 'active' })
    await admin.until('all of it is back', () => member(memberId).state === 'invited')
    expect(member(memberId).role).toBe('adviser')
    expect(member(memberId).divisionIds.toSorted()).toEqual([division('Lyon'), division('Wealth')].toSorted())
    expect(member(memberId).invitedUntil).toBeNull()
  })

  it('stays where the field has been set since, naming who did, and is taken back once', async () => {
    const memberId = await someone()
    const first = await done(admin, { type: 'member.changeRole', memberId, role: 'viewer' })
    const second = await done(admin, { type: 'member.changeRole', memberId, role: 'clerk' })
    const refusal = { code: 'changedSince', what: member(memberId).name, memberName: member(admin.memberId).name }
    expect(await undo(admin, first)).toEqual({ ok: false, refusal })
    expect(await undo(admin, second)).toMatchObject({ ok: true })
    expect(await undo(admin, second)).toMatchObject({ ok: false, refusal: { code: 'changedSince' } })
  })

  it('is taken back by admins alone, not by one who is none any more; the own profile by oneself', async () => {
    const name = await done(adviser, { type: 'member.editProfile', name: 'Aimée Other' })
    expect(await undo(adviser, name)).toMatchObject({ ok: true })
    await admin.until('the name is back', () => member(adviser.memberId).name === 'Aimée Corsten')
    await done(admin, { type: 'member.changeRole', memberId: adviser.memberId, role: 'admin' })
    const memberId = await someone()
    const made = await done(adviser, { type: 'member.changeRole', memberId, role: 'admin' })
    await done(admin, { type: 'member.changeRole', memberId: adviser.memberId, role: 'adviser' })
    expect(await undo(adviser, made)).toMatchObject({ ok: false, refusal: { code: 'forbidden' } })
  })

  it('leaves the last active admin one', async () => {
    const made = await done(admin, { type: 'member.changeRole', memberId: adviser.memberId, role: 'admin' })
    await done(adviser, { type: 'member.changeRole', memberId: admin.memberId, role: 'adviser' })
    const answer = await adviser.send({ type: 'change.undo', commandId: made, memberId: admin.memberId })
    expect(answer).toEqual({ ok: false, refusal: { code: 'lastAdmin' } })
    await done(adviser, { type: 'member.changeRole', memberId: admin.memberId, role: 'admin' })
  })
})
