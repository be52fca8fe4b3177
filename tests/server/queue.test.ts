import { afterAll, beforeAll, expect, it } from 'vitest'
import { newId } from '../../server/new-id.ts'
import type { Screen } from '../harness/member.ts'
import { startSampleOffice, type TestOffice } from '../harness/office.ts'

let office: TestOffice
let adviser: Screen
let manager: Screen

beforeAll(async () => {
  office = await startSampleOffice(['adviser', 'manager'])
  adviser = await (await office.signIn('adviser')).open()
  manager = await (await office.signIn('manager')).open()
})
afterAll(async () => {
  adviser?.close()
  manager?.close()
  await office?.stop()
})

it('a repeated command id gets the first answer and has one effect', async () => {
  const row = adviser.numbered('2026-00002')
  const id = newId()
  const command = { type: 'dossier.edit' as const, dossierId: row.id, title: 'Asked twice' }
  const [first, atOnce] = await Promise.all([adviser.send(command, { id }), adviser.send(command, { id })])
  const later = await adviser.send(command, { id })
  expect(atOnce).toEqual(first)
  expect(later).toEqual(first)
  const { history } = await adviser.member.page(row.id)
  expect(history.filter((e) => e.commandId === id)).toHaveLength(1)
})

it('a refused command stays refused when it is repeated, though it could succeed by then', async () => {
  const row = adviser.numbered('2024-00003')
  const id = newId()
  const command = { type: 'dossier.changeOwner' as const, dossierId: row.id, ownerId: null }
  const refused = await adviser.send(command, { id })
  expect(refused).toMatchObject({ ok: false })
  expect(await adviser.send(command, { id })).toEqual(refused)
})

it('the same id with another body is refused', async () => {
  const row = adviser.numbered('2026-00002')
  const id = newId()
  await adviser.send({ type: 'dossier.edit', dossierId: row.id, title: 'One' }, { id })
  expect(await adviser.send({ type: 'dossier.edit', dossierId: row.id, title: 'Other' }, { id })).toEqual({
    ok: false,
    refusal: { code: 'commandIdReused' },
  })
})

it('three hundred commands at once from two members: gapless numbers, every screen in the same order', async () => {
  const rows = [...adviser.workspace.rows.values()].filter((r) => r.status === 'prospect').slice(0, 50)
  const start = adviser.at
  const answers = await Promise.all(
    Array.from({ length: 300 }, (_, i) =>
      (i % 2 ? adviser : manager).send(
        { type: 'dossier.edit', dossierId: rows[i % rows.length]!.id, title: `Title ${i}` },
        { seen: 1_000_000 },
      ),
    ),
  )
  const numbers = answers.map((a) => (a.ok ? a.n : null))
  expect([...numbers].sort((a, b) => a! - b!)).toEqual(Array.from({ length: 300 }, (_, i) => start + 1 + i))
  await adviser.until('all have arrived', (s) => s.at >= start + 300)
  await manager.until('all have arrived', (s) => s.at >= start + 300)
  for (const row of rows) expect(adviser.row(row.id)).toEqual(manager.row(row.id))
})

it('two new dossiers at the same moment get different numbers', async () => {
  const make = (screen: Screen) =>
    screen.send({
      type: 'dossier.create',
      dossierId: newId(),
      client: { id: newId(), new: { firstName: 'Æbel', lastName: 'Straße' } },
      kind: 'wealth',
      title: 'At once',
      amount: null,
    })
  const answers = await Promise.all([make(adviser), make(manager), make(adviser), make(manager)])
  expect(answers.every((a) => a.ok)).toBe(true)
  await adviser.until('four of them', (s) => [...s.workspace.rows.values()].filter((r) => r.title === 'At once').length === 4)
  const numbers = [...adviser.workspace.rows.values()].filter((r) => r.title === 'At once').map((r) => r.number)
  expect(new Set(numbers).size).toBe(4)
})
