import { setImmediate as turn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import type { Bulk, Put } from '../../../server/store/store.ts'
import type { Make } from '../contract.ts'
import { aClient, aCommit, aDossier, anAppend, anOfficeIn, aSetting, freshId, put } from '../samples.ts'

/** The parts of a bulk as they are handed over. */
function bulkOf(puts: readonly Put[], drops: Bulk['drops'] = []): Uint8Array<ArrayBuffer>[] {
  const parts: Bulk[] = [{ puts: puts.slice(0, 700), drops: [] }]
  parts.push({ puts: puts.slice(700), drops })
  return parts.map((part) => new TextEncoder().encode(JSON.stringify(part)))
}

/** Large commits, dropped records, and reading many records at once. */
export function bulkContract(make: Make): void {
  it('10,000 records in one commit: a reader sees none of them or all, what stands at 0 stands at the number of the event', async () => {
    const { store, reader } = await make()
    const officeId = await anOfficeIn(store)
    const clients = Array.from({ length: 5_000 }, () => aClient({ at: 0 }))
    const dossiers = clients.map((client) => aDossier({ clientId: client.id, at: 0, versions: { stageId: 0 } }))
    const look = await reader()
    const told: number[] = []
    const counts = new Set<number>()
    let isDone = false
    const committed = store
      .commit({
        ...aCommit(officeId, 1, { events: [aSetting(2)] }),
        bulk: bulkOf([...clients.map(put.client), ...dossiers.map(put.dossier)]),
        onProgress: (written) => told.push(written),
      })
      .finally(() => (isDone = true))
    while (!isDone) {
      counts.add((await look.rows(officeId)).rows.length)
      // an adapter may answer without leaving the turn
      await turn()
    }
    expect(await committed).toEqual({ kind: 'done' })
    expect([...counts, (await look.rows(officeId)).rows.length].filter((count) => count !== 0 && count !== 5_000)).toEqual([])
    expect(await store.get(officeId, 'dossier', dossiers[7]!.id)).toEqual({ ...dossiers[7]!, at: 2, versions: { stageId: 2 } })
    expect(await store.get(officeId, 'client', clients[7]!.id)).toEqual({ ...clients[7]!, at: 2 })
    expect(told.at(-1)).toBe(10_000)
    expect(await store.number(officeId)).toBe(2)
  })

  it('small commits and appends that come meanwhile wait, and succeed', async () => {
    const { store } = await make()
    const [officeId, other] = [await anOfficeIn(store), await anOfficeIn(store)]
    const dossiers = Array.from({ length: 3_000 }, () => aDossier({ at: 0 }))
    const large = store.commit({ ...aCommit(officeId, 1, { events: [aSetting(2)] }), bulk: bulkOf(dossiers.map(put.dossier)) })
    const note = freshId()
    const small = [
      store.commit(aCommit(other, 1, { events: [aSetting(2)], puts: [put.client(aClient())] })),
      store.appendNotes([anAppend(other, note, 1)]),
      store.grantClient(other, note, freshId()),
      store.commit({ ...aCommit(other, 2, { events: [aSetting(3)] }), bulk: bulkOf([put.client(aClient())]) }),
    ]
    expect(await large).toEqual({ kind: 'done' })
    expect(await Promise.all(small)).toEqual([{ kind: 'done' }, ['stored'], expect.any(Number), { kind: 'done' }])
  })

  it('a bulk is all or nothing: moved on, or with a number that is taken, nothing of it is there', async () => {
    const { store } = await make()
    const taken = aDossier()
    const officeId = await anOfficeIn(store, [put.dossier(taken)])
    const fresh = aDossier({ at: 0 })
    const bulk = () => bulkOf([put.dossier(fresh), put.dossier(aDossier({ at: 0, number: taken.number }))])
    expect(await store.commit({ ...aCommit(officeId, 1, { events: [aSetting(2)] }), bulk: bulk() })).toEqual({
      kind: 'duplicate',
      what: 'dossierNumber',
    })
    expect(await store.commit({ ...aCommit(officeId, 5, { events: [aSetting(6)] }), bulk: bulk() })).toEqual({ kind: 'moved' })
    expect(await store.number(officeId)).toBe(1)
    expect(await store.get(officeId, 'dossier', fresh.id)).toBeNull()
  })

  it('a record that is dropped is gone from every list, its number free in the same commit', async () => {
    const { store, reopen } = await make()
    const [client, dossier] = [aClient(), aDossier()]
    const officeId = await anOfficeIn(store, [put.client(client), put.dossier(dossier)])
    const again = aDossier({ number: dossier.number })
    const drops = [
      { kind: 'client', id: client.id },
      { kind: 'dossier', id: dossier.id },
      { kind: 'member', id: freshId() },
    ] as const
    expect(await store.commit(aCommit(officeId, 1, { events: [aSetting(2)], drops, puts: [put.dossier(again)] }))).toEqual({ kind: 'done' })
    const reopened = await reopen()
    expect(await reopened.get(officeId, 'client', client.id)).toBeNull()
    expect(await reopened.clients(officeId, ['kuhlman'], 10)).toEqual([])
    expect((await reopened.rows(officeId)).rows.map(({ id }) => id)).toEqual([again.id])
    const bulk = bulkOf([], [{ kind: 'dossier', id: again.id }])
    await reopened.commit({ ...aCommit(officeId, 2, { events: [aSetting(3)] }), bulk })
    expect((await reopened.rows(officeId)).rows).toEqual([])
  })

  it('many records by their ids, and page by page in the order of their ids; of this office alone', async () => {
    const { store } = await make()
    const clients = Array.from({ length: 25 }, () => aClient())
    const dossiers = Array.from({ length: 25 }, () => aDossier())
    const officeId = await anOfficeIn(store, [...clients.map(put.client), ...dossiers.map(put.dossier)])
    await anOfficeIn(store, [put.client(aClient())])
    const ids = (records: readonly { id: string }[]) => records.map(({ id }) => id).sort()
    expect(ids(await store.many(officeId, 'client', [...ids(clients), clients[0]!.id, freshId()]))).toEqual(ids(clients))
    expect(ids(await store.many(officeId, 'dossier', ids(dossiers)))).toEqual(ids(dossiers))
    const paged: string[] = []
    for (let after: string | null = null; ;) {
      const page: { id: string }[] = await store.page(officeId, 'dossier', after, 10)
      if (page.length === 0) break
      paged.push(...page.map(({ id }) => id))
      after = page.at(-1)?.id ?? null
    }
    expect(paged).toEqual(ids(dossiers))
    expect(await store.page(officeId, 'client', null, 3)).toEqual(clients.toSorted((a, b) => (a.id < b.id ? -1 : 1)).slice(0, 3))
  })
}
