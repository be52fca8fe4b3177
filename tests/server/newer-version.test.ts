import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Dossier, FieldChanges } from '#shared/contracts/dossier.ts'
import type { OfficeEvent } from '#shared/contracts/events.ts'
import type { Id } from '#shared/contracts/ids.ts'
import { newId } from '../../server/new-id.ts'
import { openStore, type StorePlace } from '../../server/store/open.ts'
import { openSqliteStore } from '../../server/store/sqlite/open.ts'
import type { Store } from '../../server/store/store.ts'
import type { Screen } from '../harness/member.ts'
import { startSampleOffice, type TestOffice } from '../harness/office.ts'
import { describeWithMongo, type ReplicaSet, startReplicaSet } from '../harness/replica-set.ts'

/** What a node of the version to come writes: a field, a kind of event and a kind of member that this one has never heard of. */
const courier = { courier: [null, 'Rhône Express'] } as unknown as FieldChanges

describe('beside a newer version on the embedded store', () => {
  sideBySide(
    async () => startSampleOffice(['admin', 'stranger']),
    (place) => openSqliteStore({ dataDir: place.dataDir, beside: true }),
  )
})

describeWithMongo('beside a newer version on a replica set', () => {
  let set: ReplicaSet
  afterAll(() => set?.stop())
  sideBySide(async () => {
    set = await startReplicaSet()
    return startSampleOffice(['admin', 'stranger'], { mongodbUri: set.uri(`codossier-newer-${newId()}`) })
  }, openStore)
})

function sideBySide(start: () => Promise<TestOffice>, openBeside: (place: StorePlace) => Promise<Store>): void {
  let office: TestOffice
  let newer: Store
  let officeId: Id
  let admin: Screen
  let stranger: Screen

  beforeAll(async () => {
    office = await start()
    newer = await openBeside(office.place)
    officeId = (await newer.offices())[0]!
    admin = await (await office.signIn('admin')).open()
    stranger = await (await office.signIn('stranger')).open()
  }, 240_000)
  afterAll(async () => {
    admin?.close()
    stranger?.close()
    await newer?.close()
    await office?.stop()
  }, 60_000)

  /** Commits as a newer node does. */
  async function commit(happenings: object[], puts: Parameters<Store['commit']>[0]['puts'] = []): Promise<number> {
    for (;;) {
      const expect = await newer.number(officeId)
      const stamp = { at: Date.now(), by: admin.memberId, commandId: newId() }
      const events = happenings.map((happening, i) => ({ ...happening, ...stamp, n: expect + 1 + i }) as unknown as OfficeEvent)
      const { kind } = await newer.commit({ officeId, expect, events, puts, answers: [], fences: [] })
      if (kind === 'done') return expect + events.length
    }
  }

  async function changed(): Promise<{ dossier: Dossier; n: number }> {
    const dossierId = newId()
    const client = { id: newId(), new: { firstName: 'Nora', lastName: 'Sørensen' } }
    await admin.send({ type: 'dossier.create', dossierId, client, kind: 'mortgage', title: 'First home', amount: null })
    const dossier = (await newer.get(officeId, 'dossier', dossierId))!
    const { divisionId, ownerId, readerIds } = dossier
    const access = { divisionId, ownerId, readerIds }
    const subjects = [{ dossierId, fields: { ...courier, title: [dossier.title, 'Sent out'] }, access: { before: access, after: access } }]
    const record = { ...dossier, title: 'Sent out', courier: 'Rhône Express', at: (await newer.number(officeId)) + 1 } as Dossier
    const n = await commit([{ type: 'dossier.sentOut', subjects, insured: true }], [{ kind: 'dossier', record }])
    return { dossier: record, n }
  }

  it('an event that is not known goes to the screens that may see its dossiers, with what they know of it, and stands in the history', async () => {
    const { dossier, n } = await changed()
    await admin.until('the event has come', (screen) => screen.at >= n, 20_000)
    expect(admin.row(dossier.id)).toMatchObject({ title: 'Sent out', at: n })
    const [newest] = (await admin.member.page(dossier.id)).history
    expect(newest).toMatchObject({ n, type: 'dossier.sentOut', fields: courier })
  })

  it('a field that is not known is still there after a command of this version', async () => {
    const { dossier } = await changed()
    expect(await admin.send({ type: 'dossier.edit', dossierId: dossier.id, title: 'Back again' })).toMatchObject({ ok: true })
    expect(await newer.get(officeId, 'dossier', dossier.id)).toMatchObject({ title: 'Back again', courier: 'Rhône Express' })
    const member = (await newer.get(officeId, 'member', stranger.memberId))!
    await commit(
      [{ type: 'member.pagerGiven', memberId: member.id }],
      [{ kind: 'member', record: { ...member, pager: '41' } as typeof member }],
    )
    expect(await admin.send({ type: 'member.changeRole', memberId: member.id, role: 'manager' })).toMatchObject({ ok: true })
    expect(await newer.get(officeId, 'member', member.id)).toMatchObject({ role: 'manager', pager: '41' })
  })

  it('what happened without dossiers is passed by, the numbers go on, and what reads the log still does', async () => {
    const n = await commit([
      { type: 'office.moved', to: 'Lyon' },
      { type: 'member.changed', memberId: newId(), fields: { pager: ['', '41'] } },
    ])
    await admin.until('the events have passed', (screen) => screen.at >= n, 20_000)
    await stranger.until('the events have passed', (screen) => screen.at >= n, 20_000)
    for (const path of ['/api/v1/my-day', `/api/v1/events?since=${n - 2}`, '/api/v1/workspace'])
      expect((await admin.member.get(path)).status, path).toBe(200)
    const fresh = await admin.member.open()
    expect(fresh.at).toBeGreaterThanOrEqual(n)
    fresh.close()
  })

  it('a role that is not known may do nothing, and no one else is the worse for it', async () => {
    const member = (await newer.get(officeId, 'member', stranger.memberId))!
    const role = 'auditor' as typeof member.role
    const fields = { role: [member.role, role] }
    const n = await commit([{ type: 'member.changed', memberId: member.id, fields }], [{ kind: 'member', record: { ...member, role } }])
    await admin.until('the role has come', (screen) => screen.at >= n, 20_000)
    const { dossier } = await changed()
    expect((await stranger.member.get(`/api/v1/dossiers/${dossier.id}`)).status).toBe(404)
    const client = { id: newId(), new: { firstName: 'Nora', lastName: 'Sørensen' } }
    const create = { type: 'dossier.create' as const, dossierId: newId(), client, kind: 'mortgage' as const, title: 'Mine', amount: null }
    expect(await stranger.member.command(create)).toMatchObject({ status: 403 })
    expect(await admin.member.command(create)).toMatchObject({ status: 200 })
  })
}
