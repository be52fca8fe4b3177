import { join as joinPath } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { OfficeEvent } from '#shared/contracts/events.ts'
import { linkIdOf } from '#shared/contracts/link.ts'
import { roles } from '#shared/contracts/member.ts'
import { newId } from '../../server/new-id.ts'
import { goodPassword, invite, joined, newCode, post, refusalOf } from '../harness/links.ts'
import type { Screen } from '../harness/member.ts'
import { people, startSampleOffice, type TestOffice } from '../harness/office.ts'

const day = 86_400_000
let office: TestOffice
let admin: Screen
let viewer: Screen
let officeId: string
let url: string
let clock = Date.now()

beforeAll(async () => {
  office = await startSampleOffice(['admin', 'viewer', 'adviser'], { now: () => clock })
  admin = await (await office.signIn('admin')).open()
  viewer = await (await office.signIn('viewer')).open()
  officeId = admin.frame.office.id
  url = office.server.url
})
afterAll(async () => {
  admin?.close()
  viewer?.close()
  await office?.stop()
})

const division = (name: string) => admin.frame.divisions.find((d) => d.name === name)!.id
const memberOf = (screen: Screen, id: string) => screen.frame.members.find((m) => m.id === id)
const entryOf = (screen: Screen, id: string) => screen.frame.owners.find((o) => o.memberId === id)
const idOf = (email: string) => admin.frame.members.find((m) => m.email === email)!.id
const adminName = () => memberOf(admin, admin.memberId)!.name
const look = (code: string, path = 'join') => post(url, `/api/v1/${path}/look`, { officeId, code })
const join = (code: string, more: object = {}) =>
  post(url, '/api/v1/join', { officeId, code, name: 'New Comer', password: goodPassword, language: 'en', ...more })
const reset = (code: string, password: string) => post(url, '/api/v1/reset', { officeId, code, password })
const eventsOn = (screen: Screen): OfficeEvent[] =>
  screen.applied.flatMap((d) => d.items.flatMap((item) => (item.kind === 'event' ? [item.event] : [])))

describe('inviting', () => {
  it('shows the new member on every screen, invited for 7 days, and in the directory where the role brings that', async () => {
    for (const role of roles) {
      const { memberId, answer } = await invite(admin, role, { divisionIds: [division('Lyon'), division('Lyon')] })
      expect(answer).toMatchObject({ ok: true })
      await viewer.until('the invited is there', (s) => memberOf(s, memberId) !== undefined)
      expect(memberOf(viewer, memberId)).toMatchObject({
        role,
        state: 'invited',
        divisionIds: [division('Lyon')],
        invitedUntil: clock + 7 * day,
        theme: 'system',
      })
      expect(entryOf(viewer, memberId) !== undefined).toBe(['admin', 'manager', 'adviser'].includes(role))
      expect(JSON.stringify(memberOf(viewer, memberId))).not.toContain('accountId')
    }
  })

  it('gives those of one division different colours', async () => {
    const ids: string[] = []
    for (let i = 0; i < 3; i++) ids.push((await invite(admin, 'clerk', { divisionIds: [division('Köln')] })).memberId)
    await admin.until('they are there', (s) => memberOf(s, ids[2]!) !== undefined)
    expect(new Set(ids.map((id) => memberOf(admin, id)!.colour)).size).toBe(3)
  })

  it('refuses an address of the office in whatever case, naming whose it is', async () => {
    const { answer } = await invite(admin, 'clerk', { email: people.adviser.toUpperCase() })
    expect(answer).toEqual({ ok: false, refusal: { code: 'emailInUse', memberName: 'Aimée Corsten' } })
    const [one, other] = await Promise.all([
      invite(admin, 'clerk', { email: 'twice@office.example' }),
      invite(admin, 'clerk', { email: 'twice@office.example' }),
    ])
    expect([one.answer.ok, other.answer.ok].sort()).toEqual([false, true])
  })

  it('refuses an id or a link that exists, a division that does not, and what is not of the form', async () => {
    const code = newCode()
    const first = await invite(admin, 'clerk', { linkId: linkIdOf(code) })
    expect((await invite(admin, 'clerk', { memberId: first.memberId })).answer).toEqual({ ok: false, refusal: { code: 'idTaken' } })
    expect((await invite(admin, 'clerk', { linkId: linkIdOf(code) })).answer).toEqual({ ok: false, refusal: { code: 'idTaken' } })
    expect((await invite(admin, 'clerk', { divisionIds: [newId()] })).answer).toEqual({
      ok: false,
      refusal: { code: 'notFound', what: 'division' },
    })
    const bad = { role: 'emperor', email: 'no address', linkId: code, language: 'la', name: '' }
    for (const [field, value] of Object.entries(bad)) {
      expect((await invite(admin, 'clerk', { [field]: value })).answer).toMatchObject({ refusal: { code: 'invalid', issues: [{}] } })
    }
  })

  it('and all else about members is the admin’s', async () => {
    const memberId = admin.memberId
    const linkId = linkIdOf(newCode())
    const forbidden = (action: string) => ({ ok: false, refusal: { code: 'forbidden', action } })
    expect((await invite(viewer, 'clerk')).answer).toEqual(forbidden('link.make'))
    for (const [action, command] of [
      ['link.make', { type: 'member.renewInvitation', memberId, linkId }],
      ['link.make', { type: 'member.makeResetLink', memberId, linkId }],
      ['office.manage', { type: 'member.changeRole', memberId, role: 'viewer' }],
      ['office.manage', { type: 'member.linkDivision', memberId, divisionId: division('Lyon'), linked: true }],
      ['office.manage', { type: 'member.changeState', memberId, state: 'deactivated' }],
    ] as const) {
      expect(await viewer.send(command)).toEqual(forbidden(action))
      expect(await admin.send({ ...command, memberId: newId() })).toEqual({ ok: false, refusal: { code: 'notFound', what: 'member' } })
    }
  })
})

describe('an invitation', () => {
  it('tells what it is for, without being used up, and lets in once', async () => {
    const invited = await invite(admin, 'adviser', { divisionIds: [division('Lyon')], language: 'fr', name: 'Zoé' })
    for (let i = 0; i < 2; i++) {
      const seen = await look(invited.code)
      expect(seen.status).toBe(200)
      expect(seen.headers.get('cache-control')).toBe('no-store')
      expect(await seen.json()).toEqual({
        officeName: 'Office Amstel & Rhône',
        name: 'Zoé',
        email: invited.email,
        language: 'fr',
        expiresAt: clock + 7 * day,
        invitedBy: adminName(),
      })
    }
    const member = await joined(url, officeId, invited, 'Zoé Lambert')
    const screen = await member.open()
    expect(screen.memberId).toBe(invited.memberId)
    await viewer.until('they are here', (s) => memberOf(s, invited.memberId)?.state === 'active')
    expect(memberOf(viewer, invited.memberId)).toMatchObject({ name: 'Zoé Lambert', language: 'en', invitedUntil: null })
    expect(entryOf(viewer, invited.memberId)).toMatchObject({ name: 'Zoé Lambert' })
    screen.close()
    const used = { status: 410, refusal: { code: 'link', state: 'used', at: clock, admins: [adminName()] } }
    expect(await refusalOf(look(invited.code))).toEqual(used)
    expect(await refusalOf(join(invited.code))).toEqual(used)
  })

  it('lets in one of two who come at once', async () => {
    const invited = await invite(admin, 'clerk')
    const answers = await Promise.all([join(invited.code), join(invited.code), join(invited.code)])
    expect(answers.map((a) => a.status).sort()).toEqual([201, 410, 410])
    await admin.until('they are here', (s) => memberOf(s, invited.memberId)?.state === 'active')
  })

  it('lasts 7 days to the millisecond', async () => {
    const [early, late] = [await invite(admin, 'clerk'), await invite(admin, 'clerk')]
    clock += 7 * day - 1
    expect((await join(early.code)).status).toBe(201)
    clock += 1
    const refusal = { code: 'link', state: 'expired', at: clock, admins: [adminName()] }
    expect(await refusalOf(look(late.code))).toEqual({ status: 410, refusal })
    expect(await refusalOf(join(late.code))).toEqual({ status: 410, refusal })
  })

  it('is stopped by a newer one, which lasts 7 days from then', async () => {
    const invited = await invite(admin, 'clerk')
    clock += day
    const code = newCode()
    expect(await admin.send({ type: 'member.renewInvitation', memberId: invited.memberId, linkId: linkIdOf(code) })).toMatchObject({
      ok: true,
    })
    await viewer.until('it lasts longer', (s) => memberOf(s, invited.memberId)?.invitedUntil === clock + 7 * day)
    expect(await refusalOf(join(invited.code))).toMatchObject({ status: 410, refusal: { state: 'stopped', at: clock } })
    expect((await join(code)).status).toBe(201)
    expect(await admin.send({ type: 'member.renewInvitation', memberId: invited.memberId, linkId: linkIdOf(newCode()) })).toEqual({
      ok: false,
      refusal: { code: 'memberState', state: 'active' },
    })
  })

  it('of two renewals at once exactly the later one works', async () => {
    const { memberId } = await invite(admin, 'clerk')
    const codes = [newCode(), newCode(), newCode()]
    await Promise.all(codes.map((code) => admin.send({ type: 'member.renewInvitation', memberId, linkId: linkIdOf(code) })))
    const states = await Promise.all(codes.map(async (code) => (await look(code)).status))
    expect(states.sort()).toEqual([200, 410, 410])
  })

  it('nobody made is unknown, and so is another office’s, and one for another thing', async () => {
    const unknown = { status: 404, refusal: { code: 'link', state: 'unknown', at: null, admins: [] } }
    const { code, memberId } = await invite(admin, 'clerk')
    expect(await refusalOf(look(newCode()))).toEqual(unknown)
    expect(await refusalOf(post(url, '/api/v1/join/look', { officeId: newId(), code }))).toEqual(unknown)
    const other = await office.server.createOffice({
      office: { name: 'Elsewhere', language: 'en', currency: 'EUR', timeZone: 'Europe/Paris' },
      admin: { name: 'Eve', email: 'eve@elsewhere.example', accountId: 'nobody' },
      withSample: false,
    })
    expect(await refusalOf(post(url, '/api/v1/join/look', { officeId: other, code }))).toEqual(unknown)
    expect(await refusalOf(look(code, 'reset'))).toEqual(unknown)
    expect(await refusalOf(reset(code, goodPassword))).toEqual(unknown)
    await admin.until('known here', (s) => memberOf(s, memberId)?.state === 'invited')
  })

  it.each([
    ['code', 'short'],
    ['code', 'with spaces in the code'],
    ['code', `${newCode()}x`],
    ['code', null],
    ['officeId', '../../etc'],
    ['name', '  '],
    ['name', 'a\u0000b'],
    ['language', 'xx'],
    ['password', 12345678901],
    ['role', 'admin'],
  ])('with %s %s is not of the form, which is said and changes nothing', async (field, value) => {
    const { code } = await invite(admin, 'clerk')
    const { status, refusal } = await refusalOf(join(code, { [field]: value }))
    expect(status).toBe(422)
    expect(refusal).toMatchObject({ code: 'invalid', issues: [{}] })
    expect((await look(code)).status).toBe(200)
  })

  it.each(['', '{', 'null', '[]', '"x"'])('the body %s is 422, and without an Origin it is 403', async (body) => {
    for (const path of ['join', 'join/look', 'reset', 'reset/look']) {
      expect((await post(url, `/api/v1/${path}`, body)).status).toBe(422)
      expect((await post(url, `/api/v1/${path}`, body, { origin: 'http://evil.example' })).status).toBe(403)
    }
  })

  it('is not used up by a password that is too weak', async () => {
    const { code } = await invite(admin, 'clerk', { email: 'berit.holm@office.example', name: 'Berit Holm' })
    for (const [password, reason] of [
      ['kort', 'short'],
      ['x9'.repeat(101), 'long'],
      ['Password123', 'common'],
      ['berit.holm.2026', 'personal'],
      ['Office Amstel & Rhône!', 'personal'],
    ]) {
      expect(await refusalOf(join(code, { password }))).toEqual({ status: 422, refusal: { code: 'weakPassword', reason } })
    }
    expect((await join(code)).status).toBe(201)
  })

  it('for an address that signs in elsewhere gets a neutral refusal, at the last step only', async () => {
    const email = 'busy@elsewhere.example'
    const accountId = (await office.server.createAccount({ email, name: 'Busy', password: goodPassword }))!
    await office.server.createOffice({
      office: { name: 'Elsewhere', language: 'en', currency: 'EUR', timeZone: 'Europe/Paris' },
      admin: { name: 'Busy', email, accountId },
      withSample: false,
    })
    const invited = await invite(admin, 'clerk', { email })
    expect(invited.answer).toMatchObject({ ok: true })
    expect((await look(invited.code)).status).toBe(200)
    expect(await refusalOf(join(invited.code))).toEqual({ status: 409, refusal: { code: 'addressTaken' } })
    expect((await look(invited.code)).status).toBe(200)
    expect((await post(url, '/api/auth/sign-in/email', { email, password: goodPassword })).status).toBe(200)
  })

  it('can be taken up after a start that was cut short behind the account', async () => {
    const invited = await invite(admin, 'clerk')
    await office.server.createAccount({ email: invited.email, name: 'Left over', password: 'another good password' })
    expect((await join(invited.code)).status).toBe(201)
    expect((await post(url, '/api/auth/sign-in/email', { email: invited.email, password: 'another good password' })).status).toBe(401)
  })
})

describe('roles and divisions', () => {
  it('who becomes an adviser is in the directory from then on, and stays there', async () => {
    const { memberId } = await invite(admin, 'viewer')
    await admin.send({ type: 'member.changeRole', memberId, role: 'adviser' })
    await viewer.until('in the directory', (s) => entryOf(s, memberId) !== undefined)
    const entry = entryOf(viewer, memberId)
    await admin.send({ type: 'member.changeRole', memberId, role: 'clerk' })
    await admin.send({ type: 'member.changeRole', memberId, role: 'manager' })
    await viewer.until('a manager', (s) => memberOf(s, memberId)?.role === 'manager')
    expect(viewer.frame.owners.filter((o) => o.memberId === memberId)).toEqual([entry])
  })

  it('S0.1 two admins who tick at once do not undo each other', async () => {
    const { memberId } = await invite(admin, 'adviser')
    const names = ['Lyon', 'Köln', 'Amsterdam']
    const tick = (name: string, linked: boolean) =>
      admin.send({ type: 'member.linkDivision', memberId, divisionId: division(name), linked })
    await Promise.all(names.map((name) => tick(name, true)))
    await viewer.until('all three', (s) => memberOf(s, memberId)?.divisionIds.length === 3)
    await Promise.all([tick('Köln', false), tick('Köln', false), tick('Rotterdam', true), tick('Lyon', true)])
    await viewer.until('one other', (s) => memberOf(s, memberId)?.divisionIds.includes(division('Rotterdam')) ?? false)
    await viewer.until('one less', (s) => !(memberOf(s, memberId)?.divisionIds.includes(division('Köln')) ?? true))
    expect(memberOf(viewer, memberId)!.divisionIds.toSorted()).toEqual(['Lyon', 'Amsterdam', 'Rotterdam'].map(division).sort())
    expect(await admin.send({ type: 'member.linkDivision', memberId, divisionId: newId(), linked: true })).toEqual({
      ok: false,
      refusal: { code: 'notFound', what: 'division' },
    })
  })

  it('the last admin who can act is neither demoted nor deactivated, however many are invited', async () => {
    await invite(admin, 'admin')
    for (const command of [
      { type: 'member.changeRole', memberId: admin.memberId, role: 'manager' },
      { type: 'member.changeState', memberId: admin.memberId, state: 'deactivated' },
    ] as const) {
      expect(await admin.send(command)).toEqual({ ok: false, refusal: { code: 'lastAdmin' } })
    }
  })

  it('of two admins who deactivate each other at once one stays', async () => {
    const invited = await invite(admin, 'admin')
    const second = await (await joined(url, officeId, invited)).open()
    const answers = await Promise.all([
      admin.send({ type: 'member.changeRole', memberId: second.memberId, role: 'admin' }),
      second.send({ type: 'member.changeRole', memberId: second.memberId, role: 'viewer' }),
      admin.send({ type: 'member.changeState', memberId: second.memberId, state: 'deactivated' }),
    ])
    expect(answers.at(-1)).toMatchObject({ ok: true })
    await second.until('it is signed out', (s) => s.signedOut)
    second.close()
    expect(await admin.send({ type: 'member.changeState', memberId: admin.memberId, state: 'deactivated' })).toMatchObject({ ok: false })
  })
})

describe('the own profile', () => {
  it('is changed by oneself; the directory follows the name; nobody’s rows are fetched again for it', async () => {
    const adviser = await (await office.signIn('adviser')).open()
    expect(
      await adviser.send({ type: 'member.editProfile', name: 'Aimée Corsten-Bos', theme: 'dark', density: 'comfortable' }),
    ).toMatchObject({
      ok: true,
    })
    await viewer.until('the new name', (s) => memberOf(s, adviser.memberId)?.name === 'Aimée Corsten-Bos')
    expect(memberOf(viewer, adviser.memberId)).toMatchObject({ theme: 'dark', density: 'comfortable', language: 'nl' })
    expect(entryOf(viewer, adviser.memberId)?.name).toBe('Aimée Corsten-Bos')
    expect(await adviser.send({ type: 'member.editProfile', theme: 'dark' })).toEqual({ ok: true, n: null })
    expect([viewer.resyncs, adviser.resyncs]).toEqual([0, 0])
    expect(await viewer.send({ type: 'member.editProfile', role: 'admin' } as never)).toMatchObject({ refusal: { code: 'invalid' } })
    await adviser.send({ type: 'member.editProfile', name: 'Aimée Corsten' })
    adviser.close()
  })
})

describe('deactivated', () => {
  it('signs out everywhere within a second, ends sessions and links, keeps the directory; let in again they sign in anew', async () => {
    const invited = await invite(admin, 'adviser', { divisionIds: [division('Lyon')] })
    const member = await joined(url, officeId, invited)
    const [one, two] = [await member.open(), await member.open()]
    const code = newCode()
    const memberId = invited.memberId
    await admin.send({ type: 'member.makeResetLink', memberId, linkId: linkIdOf(code) })
    expect(await admin.send({ type: 'member.changeState', memberId, state: 'deactivated' })).toMatchObject({ ok: true })
    for (const screen of [one, two]) await screen.until('it is signed out', (s) => s.signedOut, 1_000)
    expect((await member.get('/api/v1/workspace')).status).toBe(401)
    expect(await refusalOf(look(code, 'reset'))).toMatchObject({ status: 410, refusal: { state: 'stopped' } })
    const signIn = () => post(url, '/api/auth/sign-in/email', { email: invited.email, password: goodPassword })
    expect((await signIn()).status).toBe(401)
    await viewer.until('deactivated', (s) => memberOf(s, memberId)?.state === 'deactivated')
    expect(entryOf(viewer, memberId)).toBeDefined()
    expect(await admin.send({ type: 'member.makeResetLink', memberId, linkId: linkIdOf(newCode()) })).toEqual({
      ok: false,
      refusal: { code: 'memberState', state: 'deactivated' },
    })
    expect(await admin.send({ type: 'member.changeState', memberId, state: 'deactivated' })).toEqual({ ok: true, n: null })
    expect(await admin.send({ type: 'member.changeState', memberId, state: 'active' })).toMatchObject({ ok: true })
    await viewer.until('let in again', (s) => memberOf(s, memberId)?.state === 'active')
    expect((await member.get('/api/v1/workspace')).status).toBe(401)
    expect((await signIn()).status).toBe(200)
    one.close()
    two.close()
  })

  it('who never joined is invited again, and needs a new link', async () => {
    const { memberId, code } = await invite(admin, 'clerk')
    expect(await admin.send({ type: 'member.changeState', memberId, state: 'active' })).toEqual({
      ok: false,
      refusal: { code: 'memberState', state: 'invited' },
    })
    await admin.send({ type: 'member.changeState', memberId, state: 'deactivated' })
    expect(await refusalOf(join(code))).toMatchObject({ status: 410, refusal: { state: 'stopped' } })
    await admin.send({ type: 'member.changeState', memberId, state: 'active' })
    await viewer.until(
      'invited, without a link',
      (s) => memberOf(s, memberId)?.state === 'invited' && memberOf(s, memberId)?.invitedUntil === null,
    )
    expect(await refusalOf(join(code))).toMatchObject({ status: 410, refusal: { state: 'stopped' } })
    const next = newCode()
    await admin.send({ type: 'member.renewInvitation', memberId, linkId: linkIdOf(next) })
    expect((await join(next)).status).toBe(201)
  })
})

describe('a forgotten password', () => {
  it('is mended by a link of 1 hour, which ends all sessions and is used up; the member and the admins are told, nobody else', async () => {
    const invited = await invite(admin, 'adviser')
    const member = await joined(url, officeId, invited)
    const screen = await member.open()
    const memberId = invited.memberId
    const [first, code] = [newCode(), newCode()]
    await admin.send({ type: 'member.makeResetLink', memberId, linkId: linkIdOf(first) })
    await admin.send({ type: 'member.makeResetLink', memberId, linkId: linkIdOf(code) })
    expect(await refusalOf(look(first, 'reset'))).toMatchObject({ status: 410, refusal: { state: 'stopped' } })
    expect(await (await look(code, 'reset')).json()).toEqual({
      officeName: 'Office Amstel & Rhône',
      name: 'Newcomer',
      email: invited.email,
      expiresAt: clock + 3_600_000,
    })
    await screen.until('told', (s) => eventsOn(s).filter((e) => e.type === 'member.resetLinkMade').length === 2)
    const password = 'nine lighthouses in fog'
    const answers = await Promise.all([reset(code, password), reset(code, 'some other fine words')])
    expect(answers.map((a) => a.status).sort()).toEqual([200, 410])
    const winner = answers[0]!.status === 200 ? password : 'some other fine words'
    await screen.until('it is signed out', (s) => s.signedOut, 1_000)
    expect((await member.get('/api/v1/workspace')).status).toBe(401)
    expect((await post(url, '/api/auth/sign-in/email', { email: invited.email, password: goodPassword })).status).toBe(401)
    expect((await post(url, '/api/auth/sign-in/email', { email: invited.email, password: winner })).status).toBe(200)
    await admin.until('told', (s) => eventsOn(s).some((e) => e.type === 'member.passwordReset' && e.memberId === memberId))
    await viewer.until('up to date', (s) => s.at >= admin.at)
    expect(eventsOn(viewer).some((e) => e.type === 'member.resetLinkMade' || e.type === 'member.passwordReset')).toBe(false)
    const { events } = (await (await admin.member.get(`/api/v1/members/${memberId}/security`)).json()) as { events: unknown[] }
    expect(events).toEqual([
      { type: 'member.passwordReset', at: clock, by: memberId },
      { type: 'member.resetLinkMade', at: clock, by: admin.memberId },
      { type: 'member.resetLinkMade', at: clock, by: admin.memberId },
    ])
    for (const [member, told] of [
      [viewer.member, false],
      [admin.member, true],
    ] as const) {
      const missed = await (await member.get(`/api/v1/events?since=${viewer.at - 3}`)).text()
      expect(missed.includes('member.passwordReset')).toBe(told)
    }
    expect((await viewer.member.get(`/api/v1/members/${memberId}/security`)).status).toBe(403)
    expect((await viewer.member.get(`/api/v1/members/${viewer.memberId}/security`)).status).toBe(200)
    for (const id of [newId(), 'x', '%00']) expect((await admin.member.get(`/api/v1/members/${id}/security`)).status).toBe(404)
    screen.close()
  })

  it('the link is over after an hour, and refuses a weak password without being used up', async () => {
    const memberId = idOf(people.adviser)
    const code = newCode()
    await admin.send({ type: 'member.makeResetLink', memberId, linkId: linkIdOf(code) })
    expect(await refusalOf(reset(code, 'aimee.corsten'))).toEqual({ status: 422, refusal: { code: 'weakPassword', reason: 'personal' } })
    clock += 3_600_000 - 1
    expect((await look(code, 'reset')).status).toBe(200)
    clock += 1
    expect(await refusalOf(reset(code, goodPassword))).toEqual({
      status: 410,
      refusal: { code: 'link', state: 'expired', at: clock, admins: [adminName()] },
    })
  })

  it('the link is given back when the password could not be set', async () => {
    const invited = await invite(admin, 'clerk')
    await joined(url, officeId, invited)
    const code = newCode()
    await admin.send({ type: 'member.makeResetLink', memberId: invited.memberId, linkId: linkIdOf(code) })
    const accounts = new DatabaseSync(joinPath(office.dataDir, 'accounts.db'))
    accounts.exec("CREATE TRIGGER broken BEFORE UPDATE ON account BEGIN SELECT RAISE(ABORT, 'broken'); END")
    // the account library says it there as well
    const said = vi.spyOn(console, 'error').mockImplementation(() => {})
    const failed = await reset(code, 'nine lighthouses in fog')
    said.mockRestore()
    expect(failed.status).toBe(500)
    expect(await failed.text()).not.toContain('broken')
    accounts.exec('DROP TRIGGER broken')
    accounts.close()
    expect((await post(url, '/api/auth/sign-in/email', { email: invited.email, password: goodPassword })).status).toBe(200)
    expect((await reset(code, 'nine lighthouses in fog')).status).toBe(200)
  })

  it('is none for who has not joined yet', async () => {
    const { memberId } = await invite(admin, 'clerk')
    expect(await admin.send({ type: 'member.makeResetLink', memberId, linkId: linkIdOf(newCode()) })).toEqual({
      ok: false,
      refusal: { code: 'memberState', state: 'invited' },
    })
  })
})
