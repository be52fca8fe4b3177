import { setImmediate } from 'node:timers/promises'
import { expect, it } from 'vitest'
import type { Id } from '#shared/contracts/ids.ts'
import type { Store } from '../../../server/store/store.ts'
import type { Make } from '../contract.ts'
import { aCommit, aDossier, anEdit, anOfficeIn, aSetting, freshId, put } from '../samples.ts'

/** Commits that are started together, and reads in between. */
export function concurrencyContract(make: Make): void {
  it('of many commits on one number exactly one is done, the others are moved', async () => {
    const { store } = await make()
    const officeId = await anOfficeIn(store)
    const results = await Promise.all(Array.from({ length: 40 }, () => store.commit(aCommit(officeId, 1, { events: [aSetting(2)] }))))
    expect(results.filter((result) => result.kind === 'done')).toHaveLength(1)
    expect(results.filter((result) => result.kind === 'moved')).toHaveLength(39)
    expect(await store.number(officeId)).toBe(2)
  })

  it('writers that decide again when they are moved all get through, each once, with no gap', async () => {
    const { store } = await make()
    const offices = [await anOfficeIn(store), await anOfficeIn(store)]
    const commandIds = Array.from({ length: 30 }, freshId)
    await Promise.all(offices.flatMap((officeId) => commandIds.map((commandId) => commitAtLast(store, officeId, commandId))))
    for (const officeId of offices) {
      const events = (await store.events(officeId, 1, 100)).map(({ n, commandId }) => ({ n, commandId }))
      expect(events.map((event) => event.n)).toEqual(commandIds.map((_, i) => i + 2))
      expect(events.map((event) => event.commandId).sort()).toEqual([...commandIds].sort())
    }
  })

  it('a read while others write sees every commit whole or not at all', async () => {
    const { store, reader } = await make()
    const dossiers = Array.from({ length: 20 }, () => aDossier())
    const officeId = await anOfficeIn(store, dossiers.map(put.dossier))
    const looking = await reader()
    const writing = (async () => {
      for (let n = 2; n <= 60; n++) {
        const events = [
          anEdit(
            n,
            dossiers.map((d) => d.id),
          ),
        ]
        const puts = dossiers.map((dossier) => put.dossier({ ...dossier, at: n }))
        expect(await store.commit(aCommit(officeId, n - 1, { events, puts }))).toEqual({ kind: 'done' })
      }
    })()
    let seen = 0
    while (seen < 60) {
      for (const from of [looking, store]) {
        const { at, rows } = await from.rows(officeId)
        expect(at).toBeGreaterThanOrEqual(seen)
        expect(rows.map((row) => row.at)).toEqual(dossiers.map(() => at))
        seen = Math.max(seen, at)
      }
      // lets the answers to the writes in
      await setImmediate()
    }
    await writing
  })

  it('a reader sees what is committed as soon as it is', async () => {
    const { store, reader } = await make()
    const officeId = await anOfficeIn(store)
    const looking = await reader()
    const dossier = aDossier({ title: 'Fresh' })
    await store.commit(aCommit(officeId, 1, { events: [aSetting(2)], puts: [put.dossier(dossier)] }))
    expect(await looking.number(officeId)).toBe(2)
    expect(await looking.get(officeId, 'dossier', dossier.id)).toEqual(dossier)
    await expect(looking.commit(aCommit(officeId, 2, { events: [aSetting(3)] }))).rejects.toThrow()
    expect(await store.number(officeId)).toBe(2)
  })
}

async function commitAtLast(store: Store, officeId: Id, commandId: Id): Promise<void> {
  for (;;) {
    const number = await store.number(officeId)
    const { kind } = await store.commit(aCommit(officeId, number, { events: [aSetting(number + 1, { commandId })] }))
    if (kind === 'done') return
    expect(kind).toBe('moved')
  }
}
