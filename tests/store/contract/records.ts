import { expect, it } from 'vitest'
import type { Division } from '#shared/contracts/division.ts'
import type { Owner } from '#shared/contracts/owner.ts'
import type { Put } from '../../../server/store/store.ts'
import type { Make } from '../contract.ts'
import { aClient, aCommit, aDossier, aMember, anOffice, anOfficeIn, aStage, freshId, put } from '../samples.ts'

/** Emoji of several code points, right to left, combining marks, quotes, things that mean something elsewhere. */
const manyScripts = '👩🏽‍👧 משרד ניהול · إدارة 株式会社 "O’Brien" \'; DROP TABLE é e\u0301 \\ % _ \u2028 ﷽'

/** What is put is what is got. */
export function recordContract(make: Make): void {
  it('every kind of record comes back as it was put', async () => {
    const { store } = await make()
    const officeId = freshId()
    const owner: Owner = { id: freshId(), name: manyScripts, memberId: null, divisionIds: [freshId()] }
    const puts: Put[] = [
      { kind: 'office', record: { ...anOffice(officeId), name: manyScripts } },
      put.member(aMember({ name: manyScripts, accountId: freshId() })),
      { kind: 'owner', record: owner },
      { kind: 'division', record: { id: freshId(), name: manyScripts } },
      { kind: 'stage', record: { ...aStage(3), names: { fr: manyScripts }, closing: true, usualDays: 7 } },
      { kind: 'counter', record: { id: 'dossierNumber-2026', next: 42 } },
      put.client(aClient({ lastName: manyScripts, reference: manyScripts, ownerId: owner.id })),
      put.dossier(
        aDossier({ title: manyScripts, clientName: manyScripts, number: manyScripts, readerIds: [freshId(), freshId()], amount: null }),
      ),
      put.dossier(aDossier({ kind: null, status: 'abandoned', abandonReason: 'ownBank', versions: {}, stageDates: {}, amount: 0 })),
    ]
    await anOfficeIn(store, puts, officeId)
    for (const { kind, record } of puts) expect(await store.get(officeId, kind, record.id)).toStrictEqual(record)
  })

  it('a record that was never put is null', async () => {
    const { store } = await make()
    const officeId = await anOfficeIn(store)
    for (const kind of ['office', 'member', 'owner', 'division', 'stage', 'counter', 'client', 'dossier'] as const) {
      expect(await store.get(officeId, kind, freshId())).toBeNull()
      expect(await store.get(freshId(), kind, officeId)).toBeNull()
    }
  })

  it('a record put again is replaced whole', async () => {
    const { store } = await make()
    const client = aClient({ reference: 'K-1', partner: null })
    const dossier = aDossier({ readerIds: [freshId()], stageDates: { [freshId()]: 1 } })
    const officeId = await anOfficeIn(store, [put.client(client), put.dossier(dossier)])
    const { id, number, clientId } = dossier
    const emptied = { client: aClient({ id: client.id, children: [] }), dossier: aDossier({ id, number, clientId, at: 9, stageDates: {} }) }
    await store.commit(aCommit(officeId, 1, { puts: [put.client(emptied.client), put.dossier(emptied.dossier)] }))
    expect(await store.get(officeId, 'client', client.id)).toStrictEqual(emptied.client)
    expect(await store.get(officeId, 'dossier', id)).toStrictEqual(emptied.dossier)
    expect((await store.rows(officeId)).rows).toHaveLength(1)
  })

  it('all of a kind come in the order of their ids, stages in the order of their place', async () => {
    const { store } = await make()
    const divisions: Division[] = ['b', 'C', 'a', '_', '-', '9'].map((first) => ({ id: `${first}${freshId()}`, name: first }))
    const stages = [5, 1, 12, 3, 2].map(aStage)
    const puts: Put[] = [
      ...divisions.map((record): Put => ({ kind: 'division', record })),
      ...stages.map((record): Put => ({ kind: 'stage', record })),
    ]
    const officeId = await anOfficeIn(store, puts)
    expect((await store.all(officeId, 'division')).map((division) => division.name)).toEqual(['-', '9', 'C', '_', 'a', 'b'])
    expect((await store.all(officeId, 'stage')).map((stage) => stage.place)).toEqual([1, 2, 3, 5, 12])
    expect(await store.all(officeId, 'owner')).toEqual([])
  })

  it('an account leads to its member, wherever that is, as long as it is linked', async () => {
    const { store } = await make()
    const accountId = freshId()
    const seated = aMember({ accountId })
    await anOfficeIn(store, [put.member(aMember()), put.member(aMember())])
    const officeId = await anOfficeIn(store, [put.member(aMember()), put.member(seated)])
    expect(await store.seat(accountId)).toEqual({ officeId, memberId: seated.id })
    expect(await store.seat(freshId())).toBeNull()
    await store.commit(aCommit(officeId, 1, { puts: [put.member({ ...seated, accountId: null })] }))
    expect(await store.seat(accountId)).toBeNull()
  })
}
