import { expect, it, onTestFinished } from 'vitest'
import type { Id } from '#shared/contracts/ids.ts'
import { newId } from '../../server/new-id.ts'
import { openMongoStore } from '../../server/store/mongo/open.ts'
import { describeWithMongo, primaryOf, startReplicaSet, untilWhole } from '../harness/replica-set.ts'
import { impatient } from '../nodes/cluster.ts'
import { failoverStorm, troubles } from './failover-storm.ts'

const nothing = { expect: 0, events: [], answers: [], fences: [] }

describeWithMongo('two nodes on a replica set in trouble', () => {
  it('L3 the primary is killed, steps down, is cut off and stands still, a node is killed, one stands still for 10 s: nothing seen, saved or done is missing, nothing is done twice, and all end alike', async () => {
    const seed = Date.now() % 1_000_000
    console.log(`seed ${seed}`)
    const { faults, ...counts } = await failoverStorm({ rounds: troubles, seed, tabsEach: 1, stallMs: 10_000, say: console.log })
    console.log(JSON.stringify(counts))
    expect(faults).toEqual([])
    expect(counts.done).toBeGreaterThan(50)
    expect(counts.seen).toBeGreaterThan(50)
    expect(counts.typed).toBeGreaterThan(100)
  }, 300_000)

  it('a commit that is under way when the primary stands still is done, by the next one', async () => {
    const set = await startReplicaSet({ parameters: impatient })
    await untilWhole(set)
    const store = await openMongoStore({ uri: set.uri('codossier-frozen') })
    onTestFinished(async () => {
      await store.close()
      await set.stop()
    })
    const officeId = newId()
    const commit = (id: Id) => store.commit({ ...nothing, officeId, puts: [{ kind: 'counter', record: { id, next: 1 } }] })
    await commit('before')
    const primary = await primaryOf(set)
    primary.process.kill('SIGSTOP')
    expect(await commit('meanwhile')).toEqual({ kind: 'done' })
    expect(await store.get(officeId, 'counter', 'meanwhile')).toEqual({ id: 'meanwhile', next: 1 })
  }, 120_000)
})
