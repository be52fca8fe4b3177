import { expect, it } from 'vitest'
import type { Make } from '../contract.ts'
import { aCopyKey, anOfficeIn, freshId, someone } from '../samples.ts'

/** Keys under which browsers keep copies of dossiers. */
export function copyKeyContract(make: Make): void {
  it('a browser gets the same key of a dossier every time, across restarts, under the session that asked last', async () => {
    const { store, reopen } = await make()
    const officeId = await anOfficeIn(store)
    const first = aCopyKey()
    expect(await store.keepCopyKey(officeId, first)).toEqual(first)
    const again = { ...first, id: freshId(), secret: new Uint8Array(32).fill(9), session: 'later', at: first.at + 5 }
    const kept = { ...first, session: 'later', at: first.at + 5 }
    expect(await store.keepCopyKey(officeId, again)).toEqual(kept)
    expect(await (await reopen()).copyKeys(officeId, { memberId: someone })).toEqual([kept])
  })

  it('of many that ask for the same key at once all get one', async () => {
    const { store } = await make()
    const officeId = await anOfficeIn(store)
    const key = aCopyKey()
    const kept = await Promise.all(Array.from({ length: 10 }, () => store.keepCopyKey(officeId, { ...key, id: freshId() })))
    expect(new Set(kept.map(({ id }) => id)).size).toBe(1)
  })

  it('each browser, member and dossier has a key of its own, and they are found and removed by any of these', async () => {
    const { store, reopen } = await make()
    const officeId = await anOfficeIn(store)
    const [device, dossierId, other] = [freshId(), freshId(), freshId()]
    const keys = [
      aCopyKey({ device, dossierId, session: 'one' }),
      aCopyKey({ device, dossierId: other, session: 'one' }),
      aCopyKey({ dossierId, session: 'two', at: 5 }),
      aCopyKey({ device, dossierId, memberId: other, session: 'three' }),
    ]
    for (const key of keys) expect(await store.keepCopyKey(officeId, key)).toEqual(key)
    const idsOf = async (filter: Parameters<typeof store.copyKeys>[1]) =>
      (await store.copyKeys(officeId, filter)).map(({ id }) => keys.findIndex((key) => key.id === id)).sort()
    expect(await idsOf({})).toEqual([0, 1, 2, 3])
    expect(await idsOf({ memberId: someone, device })).toEqual([0, 1])
    expect(await idsOf({ dossierIds: [dossierId] })).toEqual([0, 2, 3])
    expect(await idsOf({ dossierIds: [] })).toEqual([])
    expect(await idsOf({ memberId: someone, sessions: ['two', 'three'] })).toEqual([2])
    expect(await idsOf({ before: 6 })).toEqual([2])
    expect(await store.dropCopyKeys(officeId, { dossierIds: [other, freshId()] })).toBe(1)
    expect(await store.dropCopyKeys(officeId, { memberId: other })).toBe(1)
    expect(await store.dropCopyKeys(officeId, { memberId: other })).toBe(0)
    const left = await reopen()
    expect((await left.copyKeys(officeId, {})).length).toBe(2)
  })
}
