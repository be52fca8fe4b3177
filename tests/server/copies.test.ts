import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { HandedCopyKey, Standing } from '#shared/contracts/copies.ts'
import type { DossierRow } from '#shared/contracts/dossier.ts'
import type { Id } from '#shared/contracts/ids.ts'
import { NoteGrant } from '#shared/contracts/notes-wire.ts'
import { newId } from '../../server/new-id.ts'
import { type Screen, signedIn, type SignedIn } from '../harness/member.ts'
import { type Person, startSampleOffice, type TestOffice } from '../harness/office.ts'

let office: TestOffice
let admin: SignedIn
let screen: Screen
let row: DossierRow

beforeAll(async () => {
  office = await startSampleOffice(['admin', 'manager', 'adviser', 'stranger', 'clerk', 'viewer'])
  admin = await office.signIn('admin')
  await admin.command({ type: 'office.changeSettings', seesWhat: 'own' })
  screen = await admin.open()
  const adviser = memberNamed('Aimée')
  const owner = screen.frame.owners.find(({ memberId }) => memberId === adviser)!
  row = [...screen.workspace.rows.values()].find((r) => r.ownerId === owner.id && r.status === 'client')!
})
afterAll(async () => {
  screen?.close()
  await office?.stop()
})

function memberNamed(first: string): Id {
  return screen.frame.members.find(({ name }) => name.startsWith(first))!.id
}

/** A browser of somebody who signed in just now. */
async function browserOf(person: Person): Promise<Browser> {
  return new Browser(await office.signIn(person))
}

class Browser {
  readonly device = newId()
  readonly member: SignedIn
  constructor(member: SignedIn) {
    this.member = member
  }
  async key(dossierId = row.id): Promise<HandedCopyKey> {
    const response = await this.member.post(`/api/v1/dossiers/${dossierId}/copy`, { device: this.device })
    expect(response.status).toBe(200)
    return HandedCopyKey.parse(await response.json())
  }
  /** Asked by nobody in particular: a browser whose session ended asks, too. */
  async standing(...keys: HandedCopyKey[]): Promise<Id[]> {
    const { officeId, memberId } = keys[0]!
    const asked = { officeId, memberId, device: this.device, keys: keys.map(({ id }) => id) }
    const response = await signedIn(office.server.url, '').post('/api/v1/copies/standing', asked)
    return Standing.parse(await response.json()).standing
  }
  /** Waits for what is done after a commit. */
  async untilWithdrawn(key: HandedCopyKey): Promise<void> {
    while ((await this.standing(key)).length > 0) await this.member.get('/api/v1/session')
  }
}

describe('the key of a browser’s copy of a dossier', () => {
  it('is 256 bits, the same each time that browser asks, and another one for each browser', async () => {
    const [first, second] = [await browserOf('adviser'), await browserOf('adviser')]
    const key = await first.key()
    expect(Buffer.from(key.secret, 'base64')).toHaveLength(32)
    expect(await first.key()).toEqual(key)
    const other = await second.key()
    expect([other.id === key.id, other.secret === key.secret]).toEqual([false, false])
    expect(await first.standing(key)).toEqual([key.id])
    expect(await second.standing(key)).toEqual([])
  })

  it('is refused to who may not read the dossier, like one that does not exist, and to nobody', async () => {
    const stranger = await browserOf('stranger')
    const ask = async (member: SignedIn, id: Id, body: unknown = { device: newId() }) =>
      (await member.post(`/api/v1/dossiers/${id}/copy`, body)).status
    expect(await ask(stranger.member, row.id)).toBe(404)
    expect(await ask(stranger.member, newId())).toBe(404)
    expect(await ask(signedIn(office.server.url, ''), row.id)).toBe(401)
    expect(await ask(admin, row.id, { device: 'x' })).toBe(422)
  })

  it('is gone for good when that browser signs out; others of the member keep theirs', async () => {
    const [leaving, staying] = [await browserOf('adviser'), await browserOf('adviser')]
    const [key, kept] = [await leaving.key(), await staying.key()]
    await leaving.member.post('/api/auth/sign-out', {})
    expect(await leaving.standing(key)).toEqual([])
    expect(await staying.standing(kept)).toEqual([kept.id])
  })

  it('is withdrawn when its session is ended from elsewhere', async () => {
    const [here, there] = [await browserOf('clerk'), await browserOf('clerk')]
    await admin.command({ type: 'office.changeSettings', seesWhat: 'everyone' })
    const [kept, key] = [await here.key(), await there.key()]
    const { sessions } = (await (await here.member.get('/api/v1/me/sessions')).json()) as { sessions: { id: string; isCurrent: boolean }[] }
    for (const { id, isCurrent } of sessions) if (!isCurrent) await here.member.post('/api/v1/me/sessions/end', { id })
    expect(await there.standing(key)).toEqual([])
    expect(await here.standing(kept)).toEqual([kept.id])
    await here.member.post('/api/v1/me/sign-out-everywhere', {})
    expect(await here.standing(kept)).toEqual([])
  })

  it('of a session that had lapsed by itself goes, too, when its member signs out everywhere', async () => {
    const [lost, here] = [await browserOf('viewer'), await browserOf('viewer')]
    const key = await lost.key()
    const accounts = new DatabaseSync(join(office.dataDir, 'accounts.db'))
    accounts.exec('delete from session where id = (select id from session order by createdAt desc limit 1 offset 1)')
    accounts.close()
    const { sessions } = (await (await here.member.get('/api/v1/me/sessions')).json()) as { sessions: unknown[] }
    expect(sessions).toHaveLength(1)
    expect(await lost.standing(key)).toEqual([key.id])
    await here.member.post('/api/v1/me/sign-out-everywhere', {})
    expect(await lost.standing(key)).toEqual([])
  })

  it('is withdrawn with the right to read, and stays withdrawn when the right is back', async () => {
    await admin.command({ type: 'office.changeSettings', seesWhat: 'everyone' })
    const browser = await browserOf('stranger')
    const key = await browser.key()
    await admin.command({ type: 'office.changeSettings', seesWhat: 'own' })
    await browser.untilWithdrawn(key)
    await admin.command({ type: 'office.changeSettings', seesWhat: 'everyone' })
    expect(await browser.standing(key)).toEqual([])
    expect((await browser.key()).id).not.toBe(key.id)
  })

  it('is withdrawn when the dossier is given out of sight', async () => {
    await admin.command({ type: 'office.changeSettings', seesWhat: 'own' })
    const browser = await browserOf('adviser')
    const key = await browser.key()
    const hector = screen.frame.owners.find(({ memberId }) => memberId === memberNamed('Hector'))!
    const given = await admin.command({
      type: 'dossier.changeOwner',
      dossierId: row.id,
      ownerId: hector.id,
      divisionId: hector.divisionIds[0] ?? null,
    })
    expect(given.status).toBe(200)
    await browser.untilWithdrawn(key)
  })

  it('is withdrawn when its member is deactivated', async () => {
    await admin.command({ type: 'office.changeSettings', seesWhat: 'everyone' })
    const browser = await browserOf('viewer')
    const key = await browser.key()
    await admin.command({ type: 'member.changeState', memberId: key.memberId, state: 'deactivated' })
    await browser.untilWithdrawn(key)
  })
})

describe('client ids ahead', () => {
  it('come with a grant, as many as were asked for, each once', async () => {
    const { member } = await browserOf('manager')
    const grants = await Promise.all(
      ['', '?ahead=3', '?ahead=8'].map(async (query) =>
        NoteGrant.parse(await (await member.post(`/api/v1/dossiers/${row.id}/note/grant${query}`, {})).json()),
      ),
    )
    expect(grants.map(({ ahead }) => ahead?.length)).toEqual([0, 3, 8])
    const ids = grants.flatMap(({ clientId, ahead }) => [clientId, ...(ahead ?? [])])
    expect(new Set(ids).size).toBe(14)
  })

  it('are at most eight at once', async () => {
    expect((await admin.post(`/api/v1/dossiers/${row.id}/note/grant?ahead=9`, {})).status).toBe(422)
  })
})
