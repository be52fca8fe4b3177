import { afterAll, beforeAll, expect, it } from 'vitest'
import type { DossierRow } from '#shared/contracts/dossier.ts'
import { mostSelected } from '#shared/contracts/dossier.ts'
import type { Id } from '#shared/contracts/ids.ts'
import { newId } from '../../server/new-id.ts'
import type { Screen } from '../harness/member.ts'
import { startSampleOffice, type TestOffice } from '../harness/office.ts'

let office: TestOffice
let admin: Screen
let adviser: Screen

beforeAll(async () => {
  office = await startSampleOffice(['admin', 'adviser', 'manager'])
  admin = await (await office.signIn('admin')).open()
  adviser = await (await office.signIn('adviser')).open()
})
afterAll(async () => {
  admin?.close()
  adviser?.close()
  await office?.stop()
})

const stage = (place: number) => admin.frame.stages[place]!.id
const owner = (name: string) => admin.frame.owners.find((o) => o.name === name)!.id
const rowsOf = (isWanted: (row: DossierRow) => boolean, count: number) =>
  [...admin.workspace.rows.values()].filter(isWanted).slice(0, count)
const ids = (rows: readonly DossierRow[]): Id[] => rows.map((row) => row.id)

it('S0.5 a thousand to another stage are one event, on every screen, and one undo brings all of them back', async () => {
  const rows = rowsOf((row) => row.status === 'client' && row.stageId !== stage(2), 1_000)
  const staying = rowsOf((row) => row.status === 'client' && row.stageId === stage(2), 5)
  const id = newId()
  const before = admin.at
  // those that stand there already, and those named twice, make no difference
  const dossierIds = [...ids(rows), ...ids(staying), ...ids(rows.slice(0, 3))]
  const command = { type: 'selection.moveStage' as const, dossierIds, stageId: stage(2) }
  const answer = await admin.send(command, { id })
  expect(answer).toEqual({ ok: true, n: before + 1 })
  await adviser.until('all have moved', (s) => s.at > before)
  expect(new Set(rows.map((row) => adviser.row(row.id)?.stageId))).toEqual(new Set([stage(2)]))
  expect(staying.map((row) => adviser.row(row.id))).toEqual(staying)

  // a repetition gets the first answer and has no second effect
  expect(await admin.send(command, { id })).toEqual(answer)
  const { history } = await adviser.member.page(rows[0]!.id)
  expect(history.filter((entry) => entry.commandId === id)).toHaveLength(1)

  expect(await admin.send({ type: 'change.undo', commandId: id })).toEqual({ ok: true, n: before + 2 })
  await adviser.until('all are back', (s) => s.at > before + 1)
  expect(rows.map((row) => adviser.row(row.id)?.stageId)).toEqual(rows.map((row) => row.stageId))
  expect(rows.map((row) => adviser.row(row.id)?.stageSince)).toEqual(rows.map((row) => row.stageSince))
})

it('S0.5 one that is refused among a thousand refuses all of them: how many, and the first by name', async () => {
  const me = adviser.frame.owners.find((o) => o.memberId === adviser.memberId)!
  const own = rowsOf((row) => row.ownerId === me.id, 1_000)
  const theirs = rowsOf((row) => row.ownerId === owner('Flore Huet'), 1)[0]!
  const before = adviser.at
  const dossierIds = [...ids(own), theirs.id]
  const answer = await adviser.send({ type: 'selection.changeOwner', dossierIds, ownerId: null })
  const refusal = { code: 'someRefused', count: 1, number: theirs.number, first: { code: 'forbidden', action: 'dossier.changeOwner' } }
  expect(answer).toEqual({ ok: false, refusal })
  const { status, body } = await adviser.member.command({ type: 'selection.changeOwner', dossierIds, ownerId: null })
  expect([status, body]).toEqual([422, { refusal }])
  // the next event has the next number: nothing was written
  const next = await adviser.send({ type: 'selection.changeOwner', dossierIds: ids(own.slice(0, 2)), ownerId: null })
  expect(next).toEqual({ ok: true, n: before + 1 })
  await adviser.until('nobody owns the two', (s) => own.slice(0, 2).every((row) => s.row(row.id)?.ownerId === null))
})

it('S0.5 S0.3 of several divisions none is given to somebody who is not in all of them', async () => {
  const lyon = admin.frame.divisions.find((d) => d.name === 'Lyon')!.id
  const rotterdam = admin.frame.divisions.find((d) => d.name === 'Rotterdam')!.id
  const mixed = [...rowsOf((row) => row.divisionId === lyon, 3), ...rowsOf((row) => row.divisionId === rotterdam, 2)]
  const answer = await admin.send({ type: 'selection.changeOwner', dossierIds: ids(mixed), ownerId: owner('Flore Huet') })
  expect(answer).toMatchObject({
    ok: false,
    refusal: { code: 'someRefused', count: 2, first: { code: 'ownerNotInDivision', which: 'next', ownerName: 'Flore Huet' } },
  })
  expect(ids(mixed).map((id) => admin.row(id)?.ownerId)).toEqual(mixed.map((row) => row.ownerId))
})

it('L4 what a colleague has set since is not overwritten, and not taken back over their head', async () => {
  const rows = rowsOf((row) => row.status === 'prospect' && row.stageId === stage(0), 20)
  const seen = adviser.at
  await admin.send({ type: 'dossier.moveStage', dossierId: rows[7]!.id, stageId: stage(1) })
  const late = await adviser.send({ type: 'selection.moveStage', dossierIds: ids(rows), stageId: stage(3) }, { seen })
  expect(late).toMatchObject({
    refusal: { code: 'someRefused', count: 1, number: rows[7]!.number, first: { code: 'changedMeanwhile', field: 'stageId' } },
  })
  const id = newId()
  expect(await adviser.send({ type: 'selection.moveStage', dossierIds: ids(rows), stageId: stage(3) }, { id, seen: 1e9 })).toMatchObject({
    ok: true,
  })
  await admin.send({ type: 'dossier.moveStage', dossierId: rows[3]!.id, stageId: stage(4) }, { seen: 1e9 })
  expect(await adviser.send({ type: 'change.undo', commandId: id })).toMatchObject({
    refusal: { code: 'someRefused', count: 1, number: rows[3]!.number, first: { code: 'changedMeanwhile', memberName: 'Kyara Scholten' } },
  })
  await adviser.until('the others stay moved', (s) => s.row(rows[3]!.id)?.stageId === stage(4))
  expect(adviser.row(rows[0]!.id)?.stageId).toBe(stage(3))
})

it('L2 what one may not see is refused like what does not exist, and says no number', async () => {
  await admin.send({ type: 'office.changeSettings', seesWhat: 'own' })
  // dropped at once, and fetched again
  await adviser.until('only own ones are left', (s) => s.workspace.rows.size > 0 && s.workspace.rows.size < 1_500)
  const unseen = rowsOf((row) => !adviser.row(row.id), 1)[0]!
  const seen = [...adviser.workspace.rows.values()].filter((row) => row.status === 'client').slice(0, 2)
  const answers = await Promise.all(
    [unseen.id, newId()].map((id) =>
      adviser.send({ type: 'selection.moveStage', dossierIds: [...ids(seen), id], stageId: stage(1) }, { seen: 1e9 }),
    ),
  )
  const refusal = { code: 'someRefused', count: 1, number: '', first: { code: 'notFound', what: 'dossier' } }
  expect(answers).toEqual([
    { ok: false, refusal },
    { ok: false, refusal },
  ])
  await admin.send({ type: 'office.changeSettings', seesWhat: 'everyone' })
  await adviser.until('all are back', (s) => s.workspace.rows.size > 2_700)
})

it('ten thousand ids come through both doors, one more is refused by the form', async () => {
  // the longest an id may be
  const many = Array.from({ length: mostSelected }, (_, i) => `${'x'.repeat(30)}${String(i).padStart(10, '0')}`)
  const stageId = stage(1)
  const bySocket = await admin.send({ type: 'selection.moveStage', dossierIds: many, stageId })
  expect(bySocket).toMatchObject({ ok: false, refusal: { code: 'someRefused', count: mostSelected } })
  const byApi = await admin.member.command({ type: 'selection.moveStage', dossierIds: many, stageId })
  expect(byApi.body).toEqual({ refusal: bySocket.ok ? null : bySocket.refusal })
  const tooMany = { type: 'selection.moveStage' as const, dossierIds: [...many, newId()], stageId }
  expect(await admin.send(tooMany)).toMatchObject({ refusal: { code: 'invalid', issues: [{ field: 'command.dossierIds' }] } })
  expect((await admin.member.command(tooMany)).status).toBe(422)
})
