import { Writable } from 'node:stream'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { Sessions } from '#shared/contracts/join.ts'
import { linkIdOf } from '#shared/contracts/link.ts'
import { openAccounts } from '../../server/auth/accounts.ts'
import { goodPassword, invite, joined, newCode, post, refusalOf } from '../harness/links.ts'
import { cookieOf, type Screen, signedIn, type SignedIn } from '../harness/member.ts'
import { password, people, startSampleOffice, type TestOffice } from '../harness/office.ts'
import { cheapPasswords } from '../harness/passwords.ts'

let office: TestOffice
let admin: Screen
let officeId: string
let url: string
let clock = Date.now()
let logged = ''

beforeAll(async () => {
  const stream = new Writable({
    write(chunk, _, done) {
      logged += String(chunk)
      done()
    },
  })
  office = await startSampleOffice(['admin', 'adviser', 'clerk', 'manager'], { now: () => clock, log: pino({ level: 'debug' }, stream) })
  url = office.server.url
  admin = await (await office.signIn('admin')).open()
  officeId = admin.frame.office.id
})
afterAll(async () => {
  admin?.close()
  await office?.stop()
})

const minute = 60_000
const attempt = (email: string, typed: string, headers: Record<string, string> = {}) =>
  post(url, '/api/auth/sign-in/email', { email, password: typed }, headers)
const on = async (member: SignedIn) => ((await (await member.get('/api/v1/me/sessions')).json()) as Sessions).sessions

async function signInWith(email: string, typed: string, device: string): Promise<SignedIn> {
  const response = await attempt(email, typed, { 'user-agent': device })
  expect(response.status).toBe(200)
  return signedIn(url, cookieOf(response))
}

/** Opens the notes socket; `closed` resolves to the code it is closed with. */
async function notesSocket(member: SignedIn): Promise<{ closed: Promise<number> }> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/notes`, { origin: url, headers: { cookie: member.cookie } })
  const closed = new Promise<number>((resolve) => socket.on('close', resolve))
  await new Promise((resolve) => socket.on('open', resolve))
  return { closed }
}

describe('sign-in slows down', () => {
  it('by account, whether there is one or not: five wrong ones a minute, and then not even the right one', async () => {
    clock += minute
    for (const email of [people.clerk, 'nobody@office.example']) {
      for (let i = 0; i < 5; i++) expect((await attempt(i % 2 ? email : email.toUpperCase(), 'wrong password')).status).toBe(401)
      const slowed = await attempt(email, password)
      expect(slowed.headers.get('retry-after')).toBe('12')
      expect(await refusalOf(slowed)).toEqual({ status: 429, refusal: { code: 'tooOften', seconds: 12 } })
    }
    expect((await attempt(people.manager, password)).status).toBe(200)
    clock += 12_000
    expect((await attempt(people.clerk, password)).status).toBe(200)
    // it was right, so it does not count
    expect((await attempt(people.clerk, password)).status).toBe(200)
  })

  it('by the client’s address, which the client cannot choose: sixty a minute', async () => {
    clock += minute
    const tries = await Promise.all(
      Array.from({ length: 60 }, (_, i) => post(url, '/api/auth/sign-in/email', '{', { 'x-forwarded-for': `10.0.0.${i}` })),
    )
    expect(new Set(tries.map((t) => t.status))).toEqual(new Set([422]))
    expect((await attempt(people.manager, password)).status).toBe(429)
    clock += 1_000
    expect((await attempt(people.manager, password)).status).toBe(200)
    expect((await attempt(people.manager, password)).status).toBe(429)
  })

  it('for links by the client’s address, and good ones do not count', async () => {
    clock += minute
    const { code } = await invite(admin, 'clerk')
    const look = (asked: string) => post(url, '/api/v1/join/look', { officeId, code: asked })
    for (let i = 0; i < 70; i++) expect((await look(code)).status).toBe(200)
    for (let i = 0; i < 60; i++) expect((await look(newCode())).status).toBe(404)
    for (const path of ['join', 'join/look', 'reset', 'reset/look']) {
      const slowed = await post(url, `/api/v1/${path}`, { officeId, code })
      expect([slowed.status, slowed.headers.get('retry-after')]).toEqual([429, '1'])
    }
    clock += minute
    expect((await look(code)).status).toBe(200)
  })
})

describe('open sessions', () => {
  it('are listed with their devices; one that is ended is refused at every door at once, the others go on', async () => {
    clock += minute
    const one = await signInWith(people.adviser, password, 'Firefox on a desk')
    const two = await signInWith(people.adviser, password, 'Safari on a telephone')
    const [screenOne, screenTwo] = [await one.open(), await two.open()]
    const [notesOne, notesTwo] = [await notesSocket(one), await notesSocket(two)]
    const listed = await on(one)
    expect(listed.map((s) => [s.device, s.isCurrent])).toEqual([
      ['Safari on a telephone', false],
      ['Firefox on a desk', true],
    ])
    for (const session of listed) {
      expect(Object.keys(session).sort()).toEqual(['createdAt', 'device', 'id', 'isCurrent', 'lastUsedAt'])
      expect(session.lastUsedAt).toBeGreaterThanOrEqual(session.createdAt)
    }
    const other = listed.find((s) => !s.isCurrent)!
    // only one's own: to others it does not exist
    expect(await refusalOf(admin.member.post('/api/v1/me/sessions/end', { id: other.id }))).toMatchObject({ status: 404 })
    expect((await two.get('/api/v1/office')).status).toBe(200)
    expect(await (await one.post('/api/v1/me/sessions/end', { id: other.id })).json()).toEqual({ ended: 1 })
    expect((await two.get('/api/v1/office')).status).toBe(401)
    expect((await two.post('/api/v1/commands/dossier.edit', {})).status).toBe(401)
    await screenTwo.until('it is signed out', (s) => s.signedOut)
    expect(await notesTwo.closed).toBe(4401)
    const again = new WebSocket(`${url.replace('http', 'ws')}/notes`, { origin: url, headers: { cookie: two.cookie } })
    expect(await new Promise((resolve) => again.on('close', resolve))).toBe(4401)
    expect(await refusalOf(one.post('/api/v1/me/sessions/end', { id: other.id }))).toEqual({
      status: 404,
      refusal: { code: 'notFound', what: 'session' },
    })
    expect((await one.post('/api/v1/me/sessions/end', { id: 5 })).status).toBe(422)
    expect(await on(one)).toHaveLength(1)
    expect(screenOne.signedOut).toBe(false)

    expect(await (await one.post('/api/v1/me/sign-out-everywhere', {})).json()).toEqual({ ended: 1 })
    await screenOne.until('it is signed out', (s) => s.signedOut)
    expect(await notesOne.closed).toBe(4401)
    expect((await one.get('/api/v1/me/sessions')).status).toBe(401)
    screenOne.close()
    screenTwo.close()
  })

  it('say when they were last used, within some minutes', async () => {
    clock += minute
    const member = await signInWith(people.manager, password, 'Old tab')
    const [{ id, createdAt }] = (await on(member)) as [Sessions['sessions'][number]]
    const hourAgo = createdAt - 3_600_000
    const accounts = new DatabaseSync(join(office.dataDir, 'accounts.db'))
    accounts
      .prepare('UPDATE session SET updatedAt = ?, createdAt = ? WHERE id = ?')
      .run(new Date(hourAgo).toISOString(), new Date(hourAgo).toISOString(), id)
    accounts.close()
    clock += minute
    const session = (await on(member)).find((s) => s.id === id)!
    expect(session.createdAt).toBe(hourAgo)
    expect(session.lastUsedAt).toBeGreaterThanOrEqual(createdAt)
  })

  it('none of this without a session, nor from another page', async () => {
    for (const path of ['sessions/end', 'sign-out-everywhere', 'password'])
      expect((await post(url, `/api/v1/me/${path}`, {})).status).toBe(401)
    expect((await fetch(`${url}/api/v1/me/sessions`)).status).toBe(401)
    const { post: send } = admin.member
    expect((await send('/api/v1/me/sign-out-everywhere', {}, { origin: 'http://evil.example' })).status).toBe(403)
  })

  it('sign-out of somebody deactivated closes their notes too', async () => {
    clock += minute
    const invited = await invite(admin, 'adviser')
    const member = await joined(url, officeId, invited)
    const notes = await notesSocket(member)
    await admin.send({ type: 'member.changeState', memberId: invited.memberId, state: 'deactivated' })
    expect(await notes.closed).toBe(4401)
  })
})

describe('another password', () => {
  it('takes the present one, ends the other sessions, and is slowed down like a sign-in', async () => {
    clock += minute
    const invited = await invite(admin, 'clerk', { name: 'Berit Holm' })
    const member = await joined(url, officeId, invited, 'Berit Holm')
    const elsewhere = await signInWith(invited.email, goodPassword, 'Elsewhere')
    const [here, there] = [await member.open(), await elsewhere.open()]
    const change = (currentPassword: unknown, newPassword: unknown) => member.post('/api/v1/me/password', { currentPassword, newPassword })
    const newPassword = 'nine lighthouses in fog'
    expect((await change(goodPassword, 5)).status).toBe(422)
    for (const [weak, reason] of [
      ['short', 'short'],
      ['1234567890', 'common'],
      ['BeritHolm!', 'personal'],
    ]) {
      expect(await refusalOf(change(goodPassword, weak))).toEqual({ status: 422, refusal: { code: 'weakPassword', reason } })
    }
    expect(await refusalOf(change('wrong password', newPassword))).toEqual({ status: 422, refusal: { code: 'wrongPassword' } })
    expect(await (await change(goodPassword, newPassword)).json()).toEqual({ ended: 1 })
    await there.until('it is signed out', (s) => s.signedOut)
    expect((await elsewhere.get('/api/v1/office')).status).toBe(401)
    expect(here.signedOut).toBe(false)
    expect((await member.get('/api/v1/office')).status).toBe(200)
    expect((await attempt(invited.email, goodPassword)).status).toBe(401)
    expect((await attempt(invited.email, newPassword)).status).toBe(200)
    for (let i = 0; i < 3; i++) await change('wrong password', newPassword)
    expect((await change(newPassword, goodPassword)).status).toBe(429)
    expect((await attempt(invited.email, newPassword)).status).toBe(429)
    here.close()
    there.close()
  })

  it('leaves no session to a sign-in with the one before that is under way, here or on another node', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'codossier-accounts-'))
    const options = { dataDir, publicOrigin: null, isAllowedOrigin: () => true, passwords: cheapPasswords }
    const accounts = await openAccounts(options)
    const elsewhere = await openAccounts(options)
    const email = 'nora@brug.example'
    const accountId = (await accounts.create({ email, name: 'Nora', password: 'password 0 of nora' }))!
    const from = new Headers({ origin: 'http://localhost' })
    for (let i = 0; i < 12; i++) {
      const change = async () => {
        const node = i < 6 ? accounts : elsewhere
        await node.setPassword(accountId, `password ${i + 1} of nora`)
        await node.endSessions(accountId)
      }
      const old = () => accounts.signIn({ email, password: `password ${i} of nora` }, from)
      const [first, second] = i % 2 ? [change, old] : [old, change]
      await Promise.all([first(), second(), accounts.signIn({ email, password: `password ${i} of nora` }, from)])
      expect(await accounts.sessions(accountId)).toEqual([])
    }
    expect((await accounts.signIn({ email, password: 'password 12 of nora' }, from)).accountId).toBe(accountId)
    await Promise.all([accounts.close(), elsewhere.close()])
    await rm(dataDir, { recursive: true })
  })
})

it('nothing of all this is in the log: no code, password, name or address', async () => {
  clock += minute
  const secret = 'eleven otters in a canoe'
  const invited = await invite(admin, 'clerk', { email: 'unlogged@office.example', name: 'Unlogged Person' })
  const wrong = newCode()
  await post(url, '/api/v1/join/look', { officeId, code: wrong })
  await post(url, '/api/v1/join', { officeId, code: invited.code, name: 'Unlogged Person', password: secret, language: 'en' })
  const reset = newCode()
  await admin.send({ type: 'member.makeResetLink', memberId: invited.memberId, linkId: linkIdOf(reset) })
  await post(url, '/api/v1/reset', { officeId, code: reset, password: `${secret} again` })
  await attempt('unlogged@office.example', secret)
  expect(logged).toContain('/api/v1/')
  for (const hidden of [invited.code, wrong, reset, linkIdOf(reset), 'otters', 'unlogged@', 'Unlogged', password, goodPassword])
    expect(logged).not.toContain(hidden)
})
