import { io } from 'socket.io-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { Screen, SignedIn } from '../harness/member.ts'
import { password, people, startSampleOffice, type TestOffice } from '../harness/office.ts'
import { newId } from '../../server/new-id.ts'

let office: TestOffice
let other: TestOffice
let member: SignedIn
let screen: Screen

beforeAll(async () => {
  office = await startSampleOffice(['adviser', 'manager'])
  other = await startSampleOffice(['adviser'])
  member = await office.signIn('adviser')
  screen = await member.open()
})
afterAll(async () => {
  screen?.close()
  await office?.stop()
  await other?.stop()
})

describe('without a session', () => {
  it.each(['/api/v1/workspace', '/api/v1/dossiers', '/api/v1/board', '/api/v1/office', '/api/v1/events?since=0', '/api/v1/nothing'])(
    'GET %s is 401',
    async (path) => {
      expect((await fetch(office.server.url + path)).status).toBe(401)
    },
  )

  it('a command is 401 and changes nothing', async () => {
    const row = screen.numbered('2026-00002')
    const response = await fetch(`${office.server.url}/api/v1/commands/dossier.edit`, {
      method: 'POST',
      headers: { origin: office.server.url, 'content-type': 'application/json' },
      body: JSON.stringify({ dossierId: row.id, title: 'Nobody' }),
    })
    expect(response.status).toBe(401)
    expect((await member.page(row.id)).dossier.title).not.toBe('Nobody')
  })

  it('the live socket is refused', async () => {
    const socket = io(office.server.url, { transports: ['websocket'], extraHeaders: { origin: office.server.url }, reconnection: false })
    const error = await new Promise<Error>((resolve) => socket.on('connect_error', resolve))
    expect(error.message).toBe('unauthorized')
    socket.close()
  })

  it('the notes socket is closed with 4401', async () => {
    const socket = new WebSocket(`${office.server.url.replace('http', 'ws')}/notes`, { origin: office.server.url })
    const code = await new Promise((resolve) => socket.on('close', resolve))
    expect(code).toBe(4401)
  })
})

describe('a foreign Origin', () => {
  it('cannot send a command with the member’s cookie', async () => {
    const row = screen.numbered('2026-00002')
    const response = await member.post(
      '/api/v1/commands/dossier.edit',
      { dossierId: row.id, title: 'Evil' },
      { origin: 'http://evil.example' },
    )
    expect(response.status).toBe(403)
  })

  it('cannot open either socket', async () => {
    const live = io(office.server.url, {
      transports: ['websocket'],
      extraHeaders: { cookie: member.cookie, origin: 'http://evil.example' },
      reconnection: false,
    })
    expect(await new Promise((resolve) => live.on('connect_error', () => resolve('refused')))).toBe('refused')
    live.close()
    const notes = new WebSocket(`${office.server.url.replace('http', 'ws')}/notes`, {
      origin: 'http://evil.example',
      headers: { cookie: member.cookie },
    })
    const opened = await new Promise((resolve) => {
      notes.on('open', () => resolve('open'))
      notes.on('error', () => resolve('refused'))
    })
    expect(opened).toBe('refused')
  })

  it('an upgrade on an unknown path is ended', async () => {
    const socket = new WebSocket(`${office.server.url.replace('http', 'ws')}/elsewhere`, { origin: office.server.url })
    expect(await new Promise((resolve) => socket.on('error', () => resolve('refused')))).toBe('refused')
  })
})

describe('another office', () => {
  it('its ids are answered like ids that do not exist', async () => {
    const foreign = await (await other.signIn('adviser')).open()
    const { id } = foreign.numbered('2026-00002')
    foreign.close()
    const paths = [(x: string) => `/api/v1/dossiers/${x}`, (x: string) => `/api/v1/dossiers/${x}/history`]
    for (const path of paths) {
      const [theirs, nobodys] = await Promise.all([member.get(path(id)), member.get(path(newId()))])
      expect([theirs.status, await theirs.text()]).toEqual([404, await nobodys.text()])
    }
    const edit = await member.command({ type: 'dossier.edit', dossierId: id, title: 'Mine' })
    expect(edit).toEqual(await member.command({ type: 'dossier.edit', dossierId: newId(), title: 'Mine' }))
    const grant = await member.post(`/api/v1/dossiers/${id}/note/grant`, {})
    expect(grant.status).toBe(404)
  })

  it('its session is nobody here', async () => {
    const { cookie } = await other.signIn('adviser')
    expect((await fetch(`${office.server.url}/api/v1/workspace`, { headers: { cookie } })).status).toBe(401)
  })
})

describe('bad input', () => {
  const bodies: [string, string, unknown, string][] = [
    ['an amount with decimals', 'dossier.edit', { title: 'x', amount: 1.5 }, 'amount'],
    ['a negative amount', 'dossier.edit', { amount: -1 }, 'amount'],
    ['an empty title', 'dossier.edit', { title: '   ' }, 'title'],
    ['a title of 1,000 letters', 'dossier.edit', { title: 'x'.repeat(1_000) }, 'title'],
    ['a kind that does not exist', 'dossier.edit', { kind: 'lottery' }, 'kind'],
    ['a field that does not exist', 'dossier.edit', { colour: 'red' }, '(body)'],
    ['a status that has its own way', 'dossier.changeStatus', { status: 'closed' }, 'status'],
    ['a missing stage', 'dossier.moveStage', {}, 'stageId'],
  ]
  it.each(bodies)('%s is 422 with the field', async (_, type, fields, field) => {
    const row = screen.numbered('2026-00002')
    const response = await member.post(`/api/v1/commands/${type}`, { dossierId: row.id, ...(fields as object) })
    expect(response.status).toBe(422)
    const body = (await response.json()) as { refusal: { code: string; issues: { field: string; reason: string }[] } }
    expect(body.refusal).toMatchObject({ code: 'invalid' })
    expect(body.refusal.issues[0]).toMatchObject({ field })
    expect(body.refusal.issues[0]!.reason.length).toBeGreaterThan(3)
  })

  it.each(['{', '[]', '"x"', 'null', ''])('the body %s is 422', async (text) => {
    const response = await fetch(`${office.server.url}/api/v1/commands/dossier.edit`, {
      method: 'POST',
      headers: { cookie: member.cookie, origin: office.server.url, 'content-type': 'application/json' },
      body: text,
    })
    expect(response.status).toBe(422)
  })

  it('a command that does not exist is 422, a body of 1 MB 413', async () => {
    expect((await member.post('/api/v1/commands/dossier.explode', {})).status).toBe(422)
    expect((await member.post('/api/v1/commands/dossier.edit', { title: 'x'.repeat(1_000_000) })).status).toBe(413)
  })

  it.each(['status=nothing', 'limit=0', 'limit=9999', 'offset=-1', 'sort=secret', 'owner=1', 'stage=%00'])(
    'the list with ?%s is 422',
    async (query) => {
      expect((await member.get(`/api/v1/dossiers?${query}`)).status).toBe(422)
    },
  )

  it('nonsense by socket is answered as invalid, and the socket lives on', async () => {
    for (const body of [null, 1, 'x', [], {}, { id: 'short', command: {} }, { id: newId(), command: { type: 'nothing' } }]) {
      const answer: unknown = await screen.socket.timeout(2_000).emitWithAck('command', body)
      expect(answer).toMatchObject({ ok: false, refusal: { code: 'invalid' } })
    }
    screen.socket.emit('whereabouts', { dossierId: '../..', place: 'roof' })
    const row = screen.numbered('2026-00002')
    expect(await screen.send({ type: 'dossier.edit', dossierId: row.id, title: 'Still here' })).toMatchObject({ ok: true })
  })
})

describe('signing in and out', () => {
  const post = (path: string, body: unknown) =>
    fetch(office.server.url + path, {
      method: 'POST',
      headers: { origin: office.server.url, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })

  it('a wrong password and an unknown address get the same answer', async () => {
    const wrong = await post('/api/auth/sign-in/email', { email: people.adviser, password: 'wrong password' })
    const unknown = await post('/api/auth/sign-in/email', { email: 'nobody@office.example', password: 'wrong password' })
    expect([wrong.status, await wrong.text()]).toEqual([401, await unknown.text()])
  })

  it.each([
    '/api/auth/sign-up/email',
    '/api/auth/update-user',
    '/api/auth/delete-user',
    '/api/auth/list-sessions',
    '/api/auth/change-password',
  ])('%s is not served', async (path) => {
    expect((await post(path, { email: 'evil@x.example', password, name: 'Evil' })).status).toBe(404)
  })

  it('signing out ends the session and its sockets', async () => {
    const manager = await office.signIn('manager')
    const open = await manager.open()
    expect((await manager.post('/api/auth/sign-out', {})).status).toBe(200)
    await open.until('it is signed out', (s) => s.signedOut)
    expect((await manager.get('/api/v1/workspace')).status).toBe(401)
    open.close()
  })

  it('says it is alive and ready', async () => {
    expect((await fetch(`${office.server.url}/healthz`)).status).toBe(200)
    expect((await fetch(`${office.server.url}/readyz`)).status).toBe(200)
  })
})
