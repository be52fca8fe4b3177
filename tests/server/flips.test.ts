import { isDeepStrictEqual } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Command } from '#shared/contracts/commands.ts'
import type { DossierRow } from '#shared/contracts/dossier.ts'
import { actorOf, maySee } from '#shared/domain/access.ts'
import { mayOwnIn } from '#shared/domain/ownership.ts'
import type { Screen } from '../harness/member.ts'
import { people, type Person, startSampleOffice, type TestOffice } from '../harness/office.ts'

const sockets = 50
let office: TestOffice
let admin: Screen
const screens: Screen[] = []

beforeAll(async () => {
  const who = Object.keys(people) as Person[]
  office = await startSampleOffice(who)
  const signedIn = await Promise.all(who.map((person) => office.signIn(person)))
  admin = await signedIn[0]!.open()
  for (let i = 0; i < sockets; i++) screens.push(await signedIn[1 + (i % (who.length - 1))]!.open())
}, 120_000)
afterAll(async () => {
  for (const screen of [admin, ...screens]) screen?.close()
  await office?.stop()
})

const division = (name: string) => admin.frame.divisions.find((d) => d.name === name)!.id
const memberOf = (person: Person) => admin.frame.members.find((m) => m.email === people[person])!.id

/** Sends these one by one, and waits until each screen holds exactly the rows that the one rule gives its member out of all there are. */
async function flip(...commands: Command[]): Promise<void> {
  let last = 0
  for (const command of commands) {
    const answer = await admin.send(command)
    if (!answer.ok) throw new Error(`${command.type}: ${JSON.stringify(answer.refusal)}`)
    last = answer.n ?? last
  }
  await admin.until('the admin stands at the last change', (s) => s.at >= last)
  const right = new Map<string, DossierRow[]>()
  for (const { memberId } of screens) {
    if (right.has(memberId)) continue
    const actor = actorOf(admin.frame, memberId)!
    right.set(
      memberId,
      [...admin.workspace.rows.values()].filter((row) => maySee(actor, row)),
    )
  }
  const isRight = ({ at, memberId, workspace: { rows } }: Screen) => {
    const wanted = right.get(memberId)!
    return at >= last && rows.size === wanted.length && wanted.every((row) => isDeepStrictEqual(rows.get(row.id), row))
  }
  await Promise.all(screens.map((screen) => screen.until('it holds exactly what its member may see', isRight, 50_000)))
  for (const screen of screens) if (!isDeepStrictEqual(screen.frame, admin.frame)) expect(screen.frame).toEqual(admin.frame)
}

const seesWhat = (value: 'everyone' | 'own'): Command => ({ type: 'office.changeSettings', seesWhat: value })

it('L2 each sees their own, and then everybody all again: on 50 screens exactly that', async () => {
  await flip(seesWhat('own'))
  expect(new Set(screens.map((s) => s.workspace.rows.size)).size).toBeGreaterThan(2)
  expect(Math.max(...screens.map((s) => s.workspace.rows.size))).toBeLessThan(admin.workspace.rows.size)
  await flip(seesWhat('everyone'))
  expect(new Set(screens.map((s) => s.workspace.rows.size))).toEqual(new Set([admin.workspace.rows.size]))
  // to and fro before anybody has fetched anything
  await flip(seesWhat('own'), seesWhat('everyone'), seesWhat('own'))
})

it('S0.8 divisions off and on again change no sight, but rights', async () => {
  await flip({ type: 'office.changeSettings', divisionsOn: false })
  await flip({ type: 'office.changeSettings', divisionsOn: true })
})

it('L2 role and divisions of a member, their own screens and nobody else’s', async () => {
  const memberId = memberOf('adviser')
  await flip({ type: 'member.changeRole', memberId, role: 'admin' })
  await flip({ type: 'member.changeRole', memberId, role: 'viewer' })
  const before = screens.filter((s) => s.memberId !== memberId).map((s) => s.resyncs)
  await flip({ type: 'member.linkDivision', memberId, divisionId: division('Lyon'), linked: true })
  await flip({ type: 'member.changeDivisions', memberId, divisionIds: [] })
  expect(screens.filter((s) => s.memberId !== memberId).map((s) => s.resyncs)).toEqual(before)
})

it('L2 dossiers that change hands while everything flips are where they belong in the end', async () => {
  // of those who may still own there, or the first move is refused
  const owners = new Map(admin.frame.owners.map((owner) => [owner.id, owner]))
  const isHeld = ({ ownerId, divisionId }: DossierRow) => !ownerId || mayOwnIn(admin.frame, owners.get(ownerId)!, divisionId)
  const some = [...admin.workspace.rows.values()].filter((r) => r.status === 'client' && isHeld(r)).slice(0, 12)
  const moves = some.flatMap((row, i): Command[] => [
    { type: 'dossier.changeOwner', dossierId: row.id, ownerId: null },
    { type: 'dossier.changeOwner', dossierId: row.id, divisionId: division(i % 2 ? 'Rotterdam' : 'Lyon') },
  ])
  const flips = [seesWhat('everyone'), seesWhat('own'), seesWhat('everyone'), seesWhat('own')]
  await flip(...moves.flatMap((move, i) => (i % 6 === 5 ? [move, flips[(i - 5) / 6]!] : [move])))
})

it('S4.9 a stage that goes with more dossiers than are told one by one: each screen has them where they went', async () => {
  const [from, to] = admin.frame.stages.map((s) => s.id)
  const held = [...admin.workspace.rows.values()].filter((r) => r.stageId !== to).map((r) => r.stageId)
  expect(held.length).toBeGreaterThan(2_000)
  for (const stage of admin.frame.stages.filter((s) => !s.closing && s.id !== to)) {
    await flip({ type: 'stage.remove', stageId: stage.id, moveTo: to! })
  }
  // what was closed is open again: two thousand and more in one change
  await flip({ type: 'stage.makeClosing', stageId: to! })
  expect([...admin.workspace.rows.values()].some((r) => r.stageId === from)).toBe(false)
  expect(admin.frame.stages).toHaveLength(2)
})
