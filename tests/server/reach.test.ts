import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Screen } from '../harness/member.ts'
import { startSampleOffice, type TestOffice } from '../harness/office.ts'

let office: TestOffice
let admin: Screen
let stranger: Screen
let colleague: Screen

beforeAll(async () => {
  office = await startSampleOffice(['admin', 'stranger', 'colleague'])
  admin = await (await office.signIn('admin')).open()
  stranger = await (await office.signIn('stranger')).open()
  colleague = await (await office.signIn('colleague')).open()
})
afterAll(async () => {
  for (const screen of [admin, stranger, colleague]) screen?.close()
  await office?.stop()
})

const division = (name: string) => admin.frame.divisions.find((d) => d.name === name)!.id
const owner = (name: string) => admin.frame.owners.find((o) => o.name === name)!.id

it('L2 when everybody sees only their own, what is lost is off the screen within a second and nothing else is', async () => {
  expect(stranger.workspace.rows.size).toBe(2778)
  const at = performance.now()
  expect(await admin.send({ type: 'office.changeSettings', seesWhat: 'own' })).toMatchObject({ ok: true })
  await stranger.until('only Lyon is left', (s) => [...s.workspace.rows.values()].every((r) => r.divisionId === division('Lyon')), 1_000)
  expect(performance.now() - at).toBeLessThan(1_500)
  await stranger.until('all of Lyon is there', (s) => s.workspace.rows.size === 510)
  expect(admin.workspace.rows.size).toBe(2778)
})

it('L2 a dossier that goes to another division leaves the screen; who gains it gets the row', async () => {
  const row = [...stranger.workspace.rows.values()].find((r) => r.ownerId === owner('Flore Huet'))!
  expect(colleague.row(row.id)).toBeUndefined()
  expect(await admin.send({ type: 'dossier.changeOwner', dossierId: row.id, ownerId: null })).toMatchObject({ ok: true })
  expect(await admin.send({ type: 'dossier.changeOwner', dossierId: row.id, divisionId: division('Rotterdam') })).toMatchObject({
    ok: true,
  })
  await stranger.until('it is gone', (s) => s.row(row.id) === undefined, 1_000)
  await colleague.until('it is there', (s) => s.row(row.id)?.divisionId === division('Rotterdam'), 1_000)
  expect((await stranger.member.get(`/api/v1/dossiers/${row.id}`)).status).toBe(404)
  expect((await stranger.member.post(`/api/v1/dossiers/${row.id}/note/grant`, {})).status).toBe(404)
  expect(await stranger.send({ type: 'dossier.edit', dossierId: row.id, title: 'Mine?' })).toEqual({
    ok: false,
    refusal: { code: 'notFound', what: 'dossier' },
  })
})

it('L2 presence is filtered in the same way', async () => {
  const row = [...colleague.workspace.rows.values()].find((r) => r.divisionId === division('Rotterdam'))!
  stranger.presence.clear()
  colleague.socket.emit('whereabouts', { dossierId: row.id, place: 'note' })
  await admin.until('the admin sees it', (s) => s.presence.get(row.id)?.length === 1)
  // one more change that the stranger does get: if the presence had been sent to them, it would have come before
  const lyon = [...stranger.workspace.rows.values()].find((r) => r.divisionId === division('Lyon') && r.status === 'client')!
  await admin.send({ type: 'dossier.edit', dossierId: lyon.id, title: 'After the presence' })
  await stranger.until('the later change is there', (s) => s.row(lyon.id)?.title === 'After the presence')
  expect(stranger.presence.has(row.id)).toBe(false)
})

it('L3 a screen that was away across a change of its reach has exactly what it may see', async () => {
  stranger.socket.io.engine.close()
  await stranger.until('it is away', (s) => !s.socket.connected)
  await admin.send({ type: 'member.changeDivisions', memberId: stranger.memberId, divisionIds: [division('Wealth')] })
  await stranger.until(
    'Wealth and what is owned elsewhere',
    (s) =>
      s.workspace.rows.size > 0 &&
      [...s.workspace.rows.values()].every((r) => r.divisionId === division('Wealth') || r.ownerId === owner('Hector Nguyen')),
  )
  const expected = [...admin.workspace.rows.values()].filter(
    (r) => r.divisionId === division('Wealth') || r.ownerId === owner('Hector Nguyen'),
  )
  await stranger.until('all of it', (s) => s.workspace.rows.size === expected.length)
  const list = (await (await stranger.member.get('/api/v1/dossiers?limit=1')).json()) as { total: number }
  expect(list.total).toBe(expected.length)
})

it('L2 who becomes an admin sees all, and who is no longer one does not', async () => {
  await admin.send({ type: 'member.changeRole', memberId: colleague.memberId, role: 'admin' })
  await colleague.until('everything is there', (s) => s.workspace.rows.size === admin.workspace.rows.size)
  await admin.send({ type: 'member.changeRole', memberId: colleague.memberId, role: 'adviser' })
  await colleague.until('the own division is left', (s) => s.workspace.rows.size < 1_000 && s.workspace.rows.size > 0, 1_000)
})

it('the last active admin cannot be demoted', async () => {
  expect(await admin.send({ type: 'member.changeRole', memberId: admin.memberId, role: 'viewer' })).toEqual({
    ok: false,
    refusal: { code: 'lastAdmin' },
  })
})
