import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { SecurityEvents } from '#shared/contracts/join.ts'
import { createLog } from '../../server/log.ts'
import { type RunningServer, startServer } from '../../server/start.ts'
import { goodPassword, post } from '../harness/links.ts'
import { cookieOf, signedIn } from '../harness/member.ts'
import { testConfig } from '../harness/office.ts'

let dataDir: string
let server: RunningServer | null

const start = async () => (server = await startServer({ config: testConfig(dataDir), log: createLog('silent'), clientDir: null }))
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'codossier-cli-'))
  server = null
})
afterEach(async () => {
  await server?.close()
  await rm(dataDir, { recursive: true, force: true })
})

/** Runs an entry as a process of its own, as npm does. */
function run(entry: string, ...given: string[]): Promise<{ code: number; out: string; err: string }> {
  const env = { ...process.env, DATA_DIR: dataDir, PORT: String(server?.port ?? 3000), PUBLIC_URL: '' }
  return new Promise((resolve) =>
    execFile(process.execPath, [`server/${entry}.ts`, ...given], { env }, (error, out, err) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? 1 : 0, out, err }),
    ),
  )
}
const create = (email: string, name = 'Kantoor De Brug') =>
  run('office-create', '--name', name, '--admin-name', 'Nora Sørensen', '--admin-email', email, '--language', 'nl')
const email = 'nora@brug.example'

/** Office and code of the link that was printed. */
function linkIn(out: string): { path: string; officeId: string; code: string } {
  const [, path = '', officeId = '', code = ''] = /http:\/\/localhost:\d+\/(join|reset)#([^.\s]+)\.(\S+)/.exec(out) ?? []
  return { path, officeId, code }
}

async function take(url: string, out: string, password = goodPassword) {
  const { path, officeId, code } = linkIn(out)
  const more = path === 'join' ? { name: 'Nora Sørensen', language: 'nl' } : {}
  return post(url, `/api/v1/${path}`, { officeId, code, password, ...more })
}

it('an office that is made before the first start is there at the start, and its admin joins', async () => {
  const made = await create(email)
  expect([made.code, made.err]).toEqual([0, ''])
  const { url, setupCode } = await start()
  expect(setupCode()).toBeNull()
  const response = await take(url, made.out)
  expect(response.status).toBe(201)
  const screen = await signedIn(url, cookieOf(response)).open()
  expect(screen.frame).toMatchObject({
    office: { name: 'Kantoor De Brug', language: 'nl', currency: 'EUR' },
    members: [{ name: 'Nora Sørensen', email, role: 'admin', state: 'active' }],
    owners: [{ name: 'Nora Sørensen', memberId: screen.memberId }],
  })
  screen.close()
})

it('offices made beside a running server are served at once, and the page for the first one is not needed any more', async () => {
  const { url, setupCode } = await start()
  const code = setupCode()
  const session = async () => (await (await fetch(`${url}/api/v1/session`)).json()) as unknown
  expect(await session()).toEqual({ signedIn: false, setupNeeded: true })
  const [one, other] = await Promise.all([create(email), create('eve@elsewhere.example', 'Elsewhere')])
  expect(await session()).toEqual({ signedIn: false, setupNeeded: false })
  const setUp = { code, officeName: 'X', language: 'en', currency: 'EUR', timeZone: 'Europe/Paris', name: 'X', withSample: false }
  expect((await post(url, '/api/v1/setup', { ...setUp, email: 'x@x.example', password: goodPassword })).status).toBe(403)
  const { path: _, ...link } = linkIn(one.out)
  expect(await (await post(url, '/api/v1/join/look', link)).json()).toMatchObject({ officeName: 'Kantoor De Brug', email, invitedBy: null })
  for (const { out } of [one, other]) expect((await take(url, out)).status).toBe(201)
})

it('an admin’s reset link is made beside a running server, shows on open screens, and ends all sessions', async () => {
  const { url } = await start()
  const screen = await signedIn(url, cookieOf(await take(url, (await create(email)).out))).open()
  const at = screen.at
  const made = await run('reset-admin', 'NORA@brug.example')
  expect([made.code, made.err]).toEqual([0, ''])
  await screen.until('it is seen', (s) =>
    s.applied.some((d) => d.items.some((i) => i.kind === 'event' && i.event.type === 'member.resetLinkMade')),
  )
  expect(screen.at).toBe(at + 1)
  const newest = await run('reset-admin', email)
  // the log moved on beside it: the next command is decided again
  expect(await screen.send({ type: 'office.changeSettings', seesWhat: 'own' })).toEqual({ ok: true, n: at + 3 })
  await screen.until('both', (s) => s.at === at + 3)
  const { events } = (await (await screen.member.get(`/api/v1/members/${screen.memberId}/security`)).json()) as SecurityEvents
  expect(events.map((e) => e.type)).toEqual(['member.resetLinkMade', 'member.resetLinkMade'])
  expect((await take(url, made.out)).status).toBe(410)
  expect((await take(url, newest.out, 'nine lighthouses in fog')).status).toBe(200)
  await screen.until('it is signed out', (s) => s.signedOut)
  screen.close()
})

it('while the server stands still it works too; who has not joined gets a new invitation', async () => {
  const first = await create(email)
  const again = await run('reset-admin', email)
  expect(again.out).toContain('/join#')
  const { url } = await start()
  expect((await take(url, first.out)).status).toBe(410)
  expect((await take(url, again.out)).status).toBe(201)
  await server?.close()
  const reset = await run('reset-admin', email)
  expect(reset.out).toContain('/reset#')
  const { url: later } = await start()
  expect((await take(later, reset.out, 'nine lighthouses in fog')).status).toBe(200)
})

it('says what is wrong, naming the argument, and makes nothing', async () => {
  expect(await run('reset-admin', email)).toMatchObject({
    code: 1,
    out: '',
    err: expect.stringContaining(`no store in ${dataDir}`) as string,
  })
  expect(await run('office-create', '--name', 'X')).toMatchObject({
    code: 2,
    out: '',
    err: expect.stringContaining('--admin-email: is missing') as string,
  })
  expect(await run('reset-admin')).toMatchObject({ code: 2, err: expect.stringContaining('ADDRESS: is missing') as string })
  expect(await run('office-create', '--help')).toMatchObject({ code: 0, out: expect.stringContaining('--time-zone') as string })
  await create(email)
  expect(await run('reset-admin', 'nobody@brug.example')).toMatchObject({
    code: 1,
    err: expect.stringContaining('nobody@brug.example') as string,
  })
})
