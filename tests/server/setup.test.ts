import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Columns, WorkspaceManifest } from '#shared/contracts/workspace.ts'
import { createLog } from '../../server/log.ts'
import { type RunningServer, startServer } from '../../server/start.ts'
import { cookieOf, signedIn } from '../harness/member.ts'
import { password, testConfig } from '../harness/office.ts'

let dataDir: string
let server: RunningServer

const start = () => startServer({ config: testConfig(dataDir), log: createLog('silent'), clientDir: null })
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'codossier-setup-'))
  server = await start()
})
afterEach(async () => {
  await server.close()
  await rm(dataDir, { recursive: true, force: true })
})

const wanted = (code: string, more: object = {}) => ({
  code,
  officeName: 'Kantoor De Brug',
  language: 'nl',
  currency: 'EUR',
  timeZone: 'Europe/Amsterdam',
  name: 'Nora Sørensen',
  email: 'Nora@Brug.example',
  password,
  withSample: false,
  ...more,
})
const post = (body: unknown) =>
  fetch(`${server.url}/api/v1/setup`, {
    method: 'POST',
    headers: { origin: server.url, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

it('an empty store has a one-time code; with it an office is created and its admin signed in', async () => {
  const code = server.setupCode()!
  const created = await post(wanted(code))
  expect(created.status).toBe(201)
  const admin = signedIn(server.url, cookieOf(created))
  const { frame } = (await (await admin.get('/api/v1/workspace')).json()) as WorkspaceManifest
  expect(frame.office).toMatchObject({ name: 'Kantoor De Brug', language: 'nl', divisionsOn: false })
  expect(frame.members).toMatchObject([{ name: 'Nora Sørensen', role: 'admin', state: 'active' }])
  expect(frame.members[0]).not.toHaveProperty('accountId')
  expect(frame.owners).toMatchObject([{ name: 'Nora Sørensen', memberId: frame.members[0]!.id }])
  expect(frame.stages.map((s) => s.closing)).toEqual([false, false, false, false, false, true])
  expect(server.setupCode()).toBeNull()
  expect((await post(wanted(code))).status).toBe(403)
})

it('a wrong code is refused, and a field that is not of the form named', async () => {
  expect((await post(wanted('wrong'))).status).toBe(403)
  const response = await post(wanted(server.setupCode()!, { email: 'no address', timeZone: 'Mars/Olympus', password: 'short' }))
  expect(response.status).toBe(422)
  const { refusal } = (await response.json()) as { refusal: { issues: { field: string }[] } }
  expect(refusal.issues.map((i) => i.field).sort()).toEqual(['email', 'password', 'timeZone'])
  expect((await post(wanted(server.setupCode()!))).status).toBe(201)
})

it('two at once with one code: one office', async () => {
  const code = server.setupCode()!
  const answers = await Promise.all([post(wanted(code)), post(wanted(code, { email: 'other@brug.example' }))])
  expect(answers.map((a) => a.status).sort()).toEqual([201, 403])
})

it('a second start on one data folder is refused, and after a stop it works with what was there', async () => {
  await post(wanted(server.setupCode()!))
  await expect(start()).rejects.toThrow(dataDir)
  await server.close()
  server = await start()
  expect(server.setupCode()).toBeNull()
})

it('with the sample’s data the office has exactly the counts of the sample', async () => {
  const created = await post(wanted(server.setupCode()!, { withSample: true }))
  expect(created.status).toBe(201)
  const admin = signedIn(server.url, cookieOf(created))
  const manifest = (await (await admin.get('/api/v1/workspace')).json()) as WorkspaceManifest
  expect(manifest.frame.members).toHaveLength(25)
  const name = (id: string) => manifest.frame.divisions.find((d) => d.id === id)?.name
  expect(Object.fromEntries(manifest.chunks.map((c) => [name(c.key), c.rows]))).toEqual({
    Amsterdam: 338,
    Köln: 500,
    København: 431,
    Lyon: 510,
    Rotterdam: 524,
    Wealth: 475,
  })
  const status = new Map<string, number>()
  for (const { key, at } of manifest.chunks) {
    const columns = (await (await admin.get(`/api/v1/workspace/chunks/${key}/${at}`)).json()) as Columns
    for (const s of columns.status) status.set(s, (status.get(s) ?? 0) + 1)
  }
  expect(Object.fromEntries(status)).toEqual({ prospect: 566, client: 1542, abandoned: 309, closed: 361 })
  const { stages } = (await (await admin.get('/api/v1/board')).json()) as { stages: { stageId: string; status: string; count: number }[] }
  const open = manifest.frame.stages
    .slice(0, 5)
    .map((stage) =>
      stages
        .filter((s) => s.stageId === stage.id && (s.status === 'prospect' || s.status === 'client'))
        .reduce((sum, s) => sum + s.count, 0),
    )
  expect(open).toEqual([853, 308, 321, 330, 296])
})
