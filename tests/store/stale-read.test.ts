import { afterAll, beforeAll, expect, it } from 'vitest'
import { withAdmin, withDatabase } from '../../server/store/replica-set.ts'
import { openMongoStore } from '../../server/store/mongo/open.ts'
import type { Store } from '../../server/store/store.ts'
import {
  describeWithMongo,
  directTo,
  type Member,
  primaryOf,
  type ReplicaSet,
  startReplicaSet,
  untilWhole,
} from '../harness/replica-set.ts'
import { anOfficeIn, freshId, someone } from './samples.ts'

const database = 'codossier-stale'
let set: ReplicaSet
let store: Store
/** As a node sees it whose only server is the one that was the first. */
let behind: Store
let former: Member

const standStill = (mode: 'alwaysOn' | 'off') => withAdmin(directTo(former), { configureFailPoint: 'blockHeartbeatStepdown', mode })

describeWithMongo('a server that does not know yet that it is the first of its set no more', () => {
  beforeAll(async () => {
    set = await startReplicaSet({ isRelayed: true })
    store = await openMongoStore({ uri: set.uri(database) })
    former = await primaryOf(set)
    behind = await openMongoStore({ uri: withDatabase(directTo(former), database) })
  }, 240_000)
  afterAll(async () => {
    await behind?.close()
    await store?.close()
    await set?.stop()
  }, 60_000)

  it('is behind what a member was told, and cannot say that it is up to date', async () => {
    const officeId = await anOfficeIn(store)
    const note = freshId()
    const first = await store.grantClient(officeId, note, someone)
    await behind.upToDate(officeId)
    expect(await behind.clientsOf(officeId, note, someone)).toEqual([first])

    await standStill('alwaysOn')
    former.relay?.freeze()
    const second = await store.grantClient(officeId, note, someone)
    expect(await behind.clientsOf(officeId, note, someone)).toEqual([first])
    await expect(behind.upToDate(officeId)).rejects.toThrow()
    await store.upToDate(officeId)
    expect(await store.clientsOf(officeId, note, someone)).toEqual([first, second])

    // In this order: a former primary that hears of the others rolls back, and closes every connection for it.
    await standStill('off')
    former.relay?.thaw()
    await untilWhole(set)
  }, 240_000)
})
