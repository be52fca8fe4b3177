import { readdirSync, readFileSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { Command } from '#shared/contracts/commands.ts'
import type { HistoryEntry } from '#shared/contracts/dossier-page.ts'
import type { Id } from '#shared/contracts/ids.ts'
import { linkCodeOf, linkIdOf } from '#shared/contracts/link.ts'
import { type Token, tokenText, tokenTouchMs } from '#shared/contracts/token.ts'
import { newId } from '../../server/new-id.ts'
import type { Screen } from '../harness/member.ts'
import { type Person, startSampleOffice, type TestOffice } from '../harness/office.ts'

const day = 86_400_000

let clock = Date.now()
let office: TestOffice
const screens = new Map<Person, Screen>()

beforeAll(async () => {
  office = await startSampleOffice(['admin', 'adviser', 'viewer', 'colleague'], { now: () => clock })
  for (const person of ['admin', 'adviser', 'viewer', 'colleague'] as const) screens.set(person, await (await office.signIn(person)).open())
})
afterEach(() => {
  // the limits are as good as new
  clock += 60_000
})
afterAll(async () => {
  for (const screen of screens.values()) screen.close()
  await office?.stop()
})

/** A program that acts by a token. */
interface Program {
  text: string
  code: string
  tokenId: Id
  get(path: string): Promise<Response>
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>
}

function program(text: string, code = '', tokenId = ''): Program {
  const headers = { authorization: `Bearer ${text}` }
  const url = office.server.url
  return {
    ...{ text, code, tokenId },
    get: (path) => fetch(`${url}/api/v1${path}`, { headers }),
    post: (path, body = {}, more = {}) =>
      fetch(`${url}/api/v1${path}`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json', ...more },
        body: JSON.stringify(body),
      }),
  }
}

async function made(
  person: Person,
  scope: Token['scope'],
  { name = 'Nightly script', expiresAt = null as number | null } = {},
): Promise<Program> {
  const screen = screens.get(person)!
  const code = linkCodeOf(randomBytes(16))
  const tokenId = linkIdOf(code)
  const answer = await screen.send({ type: 'token.make', tokenId, name, scope, expiresAt })
  expect(answer).toMatchObject({ ok: true })
  return program(tokenText(screen.frame.office.id, code), code, tokenId)
}

async function listed(person: Person): Promise<Token[]> {
  const response = await screens.get(person)!.member.get('/api/v1/tokens')
  return ((await response.json()) as { tokens: Token[] }).tokens
}

const newDossier = () => ({
  dossierId: newId(),
  client: { id: newId(), new: { firstName: 'Nora', lastName: 'Sørensen' } },
  ...{ kind: 'mortgage', title: 'First home', amount: null },
})

describe('a token of scope all', () => {
  it('does what its member may, without cookie and Origin; the history says by which token', async () => {
    const script = await made('adviser', 'all')
    const dossier = newDossier()
    expect((await script.post('/commands/dossier.create', dossier)).status).toBe(200)
    expect((await script.post('/commands/dossier.edit', { dossierId: dossier.dossierId, title: 'Second home' })).status).toBe(200)
    const response = await script.get(`/dossiers/${dossier.dossierId}`)
    const { history } = (await response.json()) as { history: HistoryEntry[] }
    const by = screens.get('adviser')!.memberId
    expect(history.map(({ by, via }) => ({ by, via }))).toEqual([
      { by, via: 'Nightly script' },
      { by, via: 'Nightly script' },
    ])
    await screens.get('adviser')!.send({ type: 'dossier.edit', dossierId: dossier.dossierId, title: 'Third home' })
    expect((await screens.get('adviser')!.member.page(dossier.dossierId)).history[0]).not.toHaveProperty('via')
  })

  it('has one effect under an Idempotency-Key, and gets the rights of its member and no more', async () => {
    const script = await made('viewer', 'all')
    const refused = await script.post('/commands/dossier.create', newDossier())
    expect([refused.status, await refused.json()]).toEqual([403, { refusal: { code: 'forbidden', action: 'dossier.create' } }])
    const mine = await made('adviser', 'all')
    const headers = { 'idempotency-key': newId() }
    const dossier = newDossier()
    const answers = await Promise.all([1, 2].map(async () => (await mine.post('/commands/dossier.create', dossier, headers)).json()))
    expect(answers[0]).toEqual(answers[1])
  })

  it('makes and revokes no tokens, changes neither sessions nor passwords, and the notes socket takes none', async () => {
    const script = await made('admin', 'all')
    const more = { tokenId: linkIdOf('another'), name: 'another', scope: 'all', expiresAt: null }
    expect((await script.post('/commands/token.make', more)).status).toBe(403)
    expect((await script.post('/commands/token.revoke', { tokenId: script.tokenId })).status).toBe(403)
    for (const path of ['/me/sign-out-everywhere', '/me/password', '/me/sessions/end'])
      expect((await script.post(path)).status, path).toBe(403)
    expect(await notesClose(script)).toBe(4401)
  })

  it('makes no link either: whoever follows one is signed in, also when the token is revoked', async () => {
    const script = await made('admin', 'all')
    const { frame } = screens.get('admin')!
    const memberId = frame.members.find(({ state }) => state === 'active')!.id
    const linkId = linkIdOf('a code that its sender knows')
    const invitation = {
      memberId: newId(),
      email: 'new@office.example',
      name: 'New',
      role: 'admin',
      divisionIds: [],
      language: 'en',
      linkId,
    }
    const asked = {
      'member.makeResetLink': { memberId, linkId },
      'member.renewInvitation': { memberId, linkId },
      'member.invite': invitation,
    }
    for (const [command, fields] of Object.entries(asked)) {
      const refused = await script.post(`/commands/${command}`, fields)
      expect([command, refused.status, await refused.json()]).toMatchObject([
        command,
        403,
        { refusal: { code: 'forbidden', action: 'link.make' } },
      ])
    }
  })
})

describe('a token to read', () => {
  it('reads, searches and exports, and is refused every command with 403', async () => {
    const script = await made('admin', 'read')
    for (const path of ['/me', '/dossiers?limit=1', '/clients?limit=1', '/board', '/my-day', '/events?since=0', '/workspace'])
      expect((await script.get(path)).status, path).toBe(200)
    expect((await script.post('/dossiers/search', { limit: 1 })).status).toBe(200)
    expect((await script.post('/clients/search', { limit: 1 })).status).toBe(200)
    const before = screens.get('admin')!.at
    for (const path of ['/commands/dossier.create', '/commands/office.changeSettings', '/commands/nonsense', '/my-day/seen']) {
      const refused = await script.post(path, newDossier())
      expect([refused.status, await refused.json()]).toMatchObject([403, { refusal: { code: 'forbidden' } }])
    }
    expect(screens.get('admin')!.at).toBe(before)
  })
})

describe('who is let in', () => {
  it('nobody by a wrong, foreign or malformed token, with a clear answer; a cookie beside it does not help', async () => {
    const { code, text } = await made('adviser', 'all')
    const { id: officeId } = screens.get('adviser')!.frame.office
    const { cookie } = screens.get('admin')!.member
    const others = [
      tokenText(officeId, linkCodeOf(randomBytes(16))),
      tokenText(newId(), code),
      code,
      linkIdOf(code),
      `${text}x`,
      text.slice(0, -1),
      '',
    ]
    for (const other of others) {
      const headers = { authorization: `Bearer ${other}`, cookie }
      const response = await fetch(`${office.server.url}/api/v1/me`, { headers })
      expect([response.status, await response.json()]).toEqual([401, { error: 'this token is wrong, expired or revoked' }])
      expect(response.headers.get('www-authenticate')).toBe('Bearer')
    }
    const basic = await fetch(`${office.server.url}/api/v1/me`, { headers: { authorization: `Basic ${btoa(`:${text}`)}`, cookie } })
    expect(basic.status).toBe(401)
  })

  it('not after it has expired', async () => {
    const script = await made('adviser', 'read', { expiresAt: clock + day })
    expect((await script.get('/me')).status).toBe(200)
    clock += day
    expect((await script.get('/me')).status).toBe(401)
  })

  it('not after it was revoked, by its member or an admin; a colleague cannot, nor see it', async () => {
    for (const person of ['adviser', 'admin'] as const) {
      const script = await made('adviser', 'all')
      const colleague = screens.get('colleague')!
      expect((await listed('colleague')).map(({ id }) => id)).not.toContain(script.tokenId)
      const revoke: Command = { type: 'token.revoke', tokenId: script.tokenId }
      expect(await colleague.send(revoke)).toEqual({ ok: false, refusal: { code: 'notFound', what: 'token' } })
      expect((await listed(person)).map(({ id }) => id)).toContain(script.tokenId)
      expect((await script.get('/me')).status).toBe(200)
      expect(await screens.get(person)!.send(revoke)).toMatchObject({ ok: true })
      expect((await script.get('/me')).status).toBe(401)
    }
  })

  it('no command of it is decided after it was revoked, however early it came', async () => {
    const script = await made('adviser', 'all')
    const adviser = screens.get('adviser')!
    const answers = await Promise.all([
      ...Array.from({ length: 20 }, () => script.post('/commands/dossier.create', newDossier())),
      adviser.send({ type: 'token.revoke', tokenId: script.tokenId }),
      ...Array.from({ length: 20 }, () => script.post('/commands/dossier.create', newDossier())),
    ])
    const done = await Promise.all(
      answers.filter((a) => a instanceof Response && a.ok).map(async (a) => ((await (a as Response).json()) as { n: number }).n),
    )
    const revoked = answers.find((answer) => 'n' in answer) as { n: number }
    for (const n of done) expect(n).toBeLessThan(revoked.n)
  })

  it('nobody who left: their tokens are gone at once, and do not come back with them', async () => {
    const admin = screens.get('admin')!
    const script = await made('colleague', 'all')
    const { memberId } = screens.get('colleague')!
    expect((await script.get('/me')).status).toBe(200)
    expect(await admin.send({ type: 'member.changeState', memberId, state: 'deactivated' })).toMatchObject({ ok: true })
    expect((await script.get('/me')).status).toBe(401)
    expect((await script.post('/commands/dossier.create', newDossier())).status).toBe(401)
    expect(await admin.send({ type: 'member.changeState', memberId, state: 'active' })).toMatchObject({ ok: true })
    expect((await script.get('/me')).status).toBe(401)
    expect((await listed('admin')).some((token) => token.memberId === memberId)).toBe(false)
  })

  it('not too often: wrong ones by address, good ones by token', async () => {
    const script = await made('adviser', 'read')
    const wrong = program(tokenText(screens.get('adviser')!.frame.office.id, linkCodeOf(randomBytes(16))))
    for (let i = 0; i < 60; i++) expect((await wrong.get('/me')).status).toBe(401)
    const slowed = await wrong.get('/me')
    expect([slowed.status, slowed.headers.get('retry-after')]).toEqual([429, '1'])
    clock += 60_000
    const statuses: number[] = []
    for (let i = 0; i < 605; i++) statuses.push((await script.get('/me')).status)
    expect([statuses.slice(0, 600).every((s) => s === 200), statuses.at(-1)]).toEqual([true, 429])
  }, 120_000)
})

describe('what is kept of it', () => {
  it('its hash alone: the code is in no file, list, event or answer', async () => {
    const script = await made('admin', 'all', { name: 'Books' })
    await script.post('/commands/dossier.create', newDossier())
    const events = await (await script.get(`/events?since=${screens.get('admin')!.at - 20}`)).text()
    expect(events).toContain('token.made')
    for (const text of [events, JSON.stringify(await listed('admin'))]) expect(text).not.toContain(script.code)
    for (const file of readdirSync(office.dataDir, { recursive: true, withFileTypes: true }))
      if (file.isFile()) expect(readFileSync(join(file.parentPath, file.name)).includes(script.code), file.name).toBe(false)
  })

  it('when it was last used, within five minutes', async () => {
    const script = await made('viewer', 'read', { name: 'Dashboard' })
    const mine = async () => (await listed('viewer')).find(({ id }) => id === script.tokenId)!
    expect(await mine()).toMatchObject({ name: 'Dashboard', scope: 'read', usedAt: null, expiresAt: null })
    await script.get('/me')
    await expect.poll(async () => (await mine()).usedAt).toBe(clock)
    clock += tokenTouchMs
    await script.get('/me')
    await expect.poll(async () => (await mine()).usedAt).toBe(clock)
  })

  it('that it was made and revoked is told to its member and the admins alone', async () => {
    const since = screens.get('admin')!.at
    const script = await made('adviser', 'read', { name: 'Whisper' })
    await screens.get('admin')!.send({ type: 'token.revoke', tokenId: script.tokenId })
    const seenBy = async (person: Person) => (await screens.get(person)!.member.get(`/api/v1/events?since=${since}`)).text()
    for (const person of ['admin', 'adviser'] as const) expect(await seenBy(person)).toContain('Whisper')
    for (const person of ['viewer'] as const) expect(await seenBy(person)).not.toContain('Whisper')
  })
})

/** How the notes socket answers a token in the place of a cookie. */
function notesClose({ text }: Program): Promise<number> {
  const { url } = office.server
  const socket = new WebSocket(`${url.replace('http', 'ws')}/notes`, { headers: { authorization: `Bearer ${text}`, origin: url } })
  return new Promise((resolve) => socket.once('close', resolve))
}
