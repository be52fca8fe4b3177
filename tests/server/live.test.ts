import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { OfficeEvent } from '#shared/contracts/events.ts'
import { newId } from '../../server/new-id.ts'
import type { Screen } from '../harness/member.ts'
import { startSampleOffice, type TestOffice } from '../harness/office.ts'

let office: TestOffice
let adviser: Screen
let manager: Screen
let admin: Screen

beforeAll(async () => {
  office = await startSampleOffice(['adviser', 'manager', 'admin', 'clerk', 'viewer'])
  adviser = await (await office.signIn('adviser')).open()
  manager = await (await office.signIn('manager')).open()
  admin = await (await office.signIn('admin')).open()
})
afterAll(async () => {
  for (const screen of [adviser, manager, admin]) screen?.close()
  await office?.stop()
})

const ownerNamed = (screen: Screen, name: string) => screen.frame.owners.find((o) => o.name === name)!.id
const stageNamed = (screen: Screen, name: string) => screen.frame.stages.find((s) => s.names.en === name)!.id
const divisionNamed = (screen: Screen, name: string) => screen.frame.divisions.find((d) => d.name === name)!.id

/** A fresh dossier of the adviser's, on all three screens. */
async function freshDossier(): Promise<string> {
  const dossierId = newId()
  const answer = await adviser.send({
    type: 'dossier.create',
    dossierId,
    client: { id: newId(), new: { firstName: 'Nora', lastName: 'Sørensen' } },
    kind: 'mortgage',
    title: 'First home',
    amount: 25_000_000,
  })
  expect(answer).toMatchObject({ ok: true })
  for (const screen of [adviser, manager, admin]) await screen.until('the new dossier is there', (s) => s.row(dossierId) !== undefined)
  return dossierId
}

describe('two people, one dossier', () => {
  it('S0.2 a new dossier belongs to the member who creates it, even right after all of theirs were handed over', async () => {
    const first = await freshDossier()
    await manager.send({ type: 'dossier.changeOwner', dossierId: first, ownerId: ownerNamed(manager, 'Julian den Adel') })
    const second = await freshDossier()
    expect(manager.row(second)).toMatchObject({
      ownerId: ownerNamed(manager, 'Aimée Corsten'),
      divisionId: divisionNamed(manager, 'Rotterdam'),
    })
  })

  it('S0.2 who has no entry in the directory chooses the owner', async () => {
    const clerk = await office.signIn('clerk')
    const command = {
      type: 'dossier.create' as const,
      dossierId: newId(),
      client: { id: newId(), new: { firstName: '', lastName: 'Jansen' } },
      kind: 'pension' as const,
      title: 'Pension review',
      amount: null,
    }
    expect(await clerk.command(command)).toEqual({ status: 422, body: { refusal: { code: 'ownerNeeded' } } })
    expect(await clerk.command({ ...command, ownerId: ownerNamed(admin, 'Aimée Corsten') })).toMatchObject({ status: 200 })
    await adviser.until('the clerk’s dossier is there', (s) => s.row(command.dossierId)?.ownerId === ownerNamed(admin, 'Aimée Corsten'))
  })

  it('S0.3 the next owner must be in the division: the refusal names the missing link', async () => {
    const dossierId = await freshDossier()
    const answer = await manager.send({ type: 'dossier.changeOwner', dossierId, ownerId: ownerNamed(manager, 'Hector Nguyen') })
    expect(answer).toMatchObject({
      ok: false,
      refusal: { code: 'ownerNotInDivision', which: 'next', ownerName: 'Hector Nguyen', divisionName: 'Rotterdam' },
    })
    expect(manager.row(dossierId)?.ownerId).toBe(ownerNamed(manager, 'Aimée Corsten'))
  })

  it('S0.3 the present owner must be in the division too', async () => {
    const dossierId = await freshDossier()
    const answer = await admin.send({
      type: 'dossier.changeOwner',
      dossierId,
      divisionId: divisionNamed(admin, 'Lyon'),
      ownerId: ownerNamed(admin, 'Hector Nguyen'),
    })
    expect(answer).toMatchObject({
      ok: false,
      refusal: { code: 'ownerNotInDivision', which: 'present', ownerName: 'Aimée Corsten', divisionName: 'Lyon' },
    })
  })

  it('L1 S0.4 a change of owner is on every other screen', async () => {
    const dossierId = await freshDossier()
    const julian = ownerNamed(manager, 'Julian den Adel')
    expect(await manager.send({ type: 'dossier.changeOwner', dossierId, ownerId: julian })).toMatchObject({ ok: true })
    for (const screen of [adviser, admin]) await screen.until('the new owner shows', (s) => s.row(dossierId)?.ownerId === julian)
  })

  it('S4.9 a stage moves forward and back; the closing stage closes, leaving it makes it a client’s', async () => {
    const dossierId = await freshDossier()
    const closing = adviser.frame.stages.find((s) => s.closing)!.id
    await adviser.send({ type: 'dossier.moveStage', dossierId, stageId: closing })
    await manager.until('it is closed', (s) => s.row(dossierId)?.status === 'closed')
    await manager.send({ type: 'dossier.moveStage', dossierId, stageId: stageNamed(manager, 'Bank appointment') })
    await adviser.until('it is a client’s', (s) => s.row(dossierId)?.status === 'client')
    expect(adviser.row(dossierId)?.stageId).toBe(stageNamed(adviser, 'Bank appointment'))
  })

  it('S4.2 abandoning takes one of the seven reasons, and the dossier can still be read', async () => {
    const dossierId = await freshDossier()
    const { member } = adviser
    const wrong = await member.post('/api/v1/commands/dossier.abandon', { dossierId, reason: 'boredom' })
    expect(wrong.status).toBe(422)
    expect(await wrong.json()).toMatchObject({ refusal: { code: 'invalid', issues: [{ field: 'reason' }] } })
    await adviser.send({ type: 'dossier.abandon', dossierId, reason: 'ownBank' })
    await manager.until('it is abandoned', (s) => s.row(dossierId)?.status === 'abandoned')
    expect((await manager.member.page(dossierId)).dossier).toMatchObject({ status: 'abandoned', abandonReason: 'ownBank' })
    const moved = await manager.send({ type: 'dossier.moveStage', dossierId, stageId: stageNamed(manager, 'Offer received') })
    expect(moved).toMatchObject({ ok: false, refusal: { code: 'abandoned' } })
  })

  it('L4 each change has author, time, before and after; it can be undone, and the undo too', async () => {
    const dossierId = await freshDossier()
    const before = adviser.row(dossierId)!
    const id = newId()
    await adviser.send({ type: 'dossier.edit', dossierId, title: 'Second home', amount: 30_000_000 }, { id })
    const { history } = await manager.member.page(dossierId)
    expect(history[0]).toMatchObject({
      by: adviser.memberId,
      commandId: id,
      fields: { title: ['First home', 'Second home'], amount: [25_000_000, 30_000_000] },
    })
    expect(Math.abs(history[0]!.at - Date.now())).toBeLessThan(60_000)
    expect(history.at(-1)?.type).toBe('dossier.created')
    const undo = newId()
    await adviser.send({ type: 'change.undo', commandId: id }, { id: undo })
    await manager.until('it is undone', (s) => s.row(dossierId)?.title === 'First home' && s.row(dossierId)?.amount === before.amount)
    expect(await adviser.send({ type: 'change.undo', commandId: id })).toMatchObject({
      ok: false,
      refusal: { code: 'undoNotPossible', reason: 'alreadyUndone' },
    })
    await adviser.send({ type: 'change.undo', commandId: undo })
    await manager.until('the undo is undone', (s) => s.row(dossierId)?.title === 'Second home')
  })

  it('L4 an undo is refused when somebody has changed the same field since, naming who', async () => {
    const dossierId = await freshDossier()
    const id = newId()
    await adviser.send({ type: 'dossier.edit', dossierId, title: 'Works' }, { id })
    await manager.send({ type: 'dossier.edit', dossierId, amount: 1 })
    await manager.send({ type: 'dossier.edit', dossierId, title: 'Bridge loan' }, { seen: 1_000_000 })
    expect(await adviser.send({ type: 'change.undo', commandId: id })).toMatchObject({
      ok: false,
      refusal: { code: 'changedMeanwhile', field: 'title', memberName: 'Davy van der Pol' },
    })
  })

  it('L4 a dossier given away can be taken back by who gave it, though the right went with it', async () => {
    const dossierId = await freshDossier()
    const id = newId()
    await adviser.send({ type: 'dossier.changeOwner', dossierId, ownerId: ownerNamed(adviser, 'Julian den Adel') }, { id })
    const again = await adviser.send({ type: 'dossier.changeOwner', dossierId, ownerId: ownerNamed(adviser, 'Aimée Corsten') })
    expect(again).toMatchObject({ ok: false, refusal: { code: 'forbidden' } })
    expect(await adviser.send({ type: 'change.undo', commandId: id })).toMatchObject({ ok: true })
  })

  it('versions are per field: a stage does not refuse an amount, a stage seen too early is refused', async () => {
    const dossierId = await freshDossier()
    const seen = adviser.at
    await manager.send({ type: 'dossier.moveStage', dossierId, stageId: stageNamed(manager, 'Offer received') })
    expect(await adviser.send({ type: 'dossier.edit', dossierId, amount: 7 }, { seen })).toMatchObject({ ok: true })
    const answer = await adviser.send({ type: 'dossier.moveStage', dossierId, stageId: stageNamed(adviser, 'Offer signed') }, { seen })
    expect(answer).toMatchObject({ ok: false, refusal: { code: 'changedMeanwhile', field: 'stageId', memberName: 'Davy van der Pol' } })
  })

  it('L3 after a lost connection a screen catches up with exactly what it missed, in order, nothing twice', async () => {
    const dossierId = await freshDossier()
    const screen = await (await office.signIn('viewer')).open()
    screen.socket.io.engine.close()
    await screen.until('it is away', (s) => !s.socket.connected)
    const from = screen.at
    const numbers: number[] = []
    for (let i = 1; i <= 30; i++) {
      const answer = await adviser.send({ type: 'dossier.edit', dossierId, amount: i })
      if (answer.ok && answer.n !== null) numbers.push(answer.n)
    }
    await screen.until('it has caught up', (s) => s.row(dossierId)?.amount === 30)
    const events = screen.applied
      .filter((d) => d.to > from)
      .flatMap((d) => d.items.flatMap((i): OfficeEvent[] => (i.kind === 'event' ? [i.event] : [])))
    expect(events.map((e) => e.n)).toEqual(numbers)
    screen.close()
  })

  it('L5 who else is on a dossier, and where in it, is visible, and ends with the connection', async () => {
    const dossierId = await freshDossier()
    adviser.socket.emit('whereabouts', { dossierId, place: 'note' })
    await manager.until('the adviser is in the note', (s) => s.presence.get(dossierId)?.[0]?.place === 'note')
    expect(manager.presence.get(dossierId)).toEqual([{ memberId: adviser.memberId, place: 'note' }])
    const guest = await (await office.signIn('viewer')).open()
    guest.socket.emit('whereabouts', { dossierId, place: 'summary' })
    await manager.until('two are there', (s) => s.presence.get(dossierId)?.length === 2)
    guest.close()
    await manager.until('one is there', (s) => s.presence.get(dossierId)?.length === 1)
  })
})
