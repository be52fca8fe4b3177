import { expect, it } from 'vitest'
import { describeWithOwnMembers } from '../harness/replica-set.ts'
import { failoverStorm, troubles } from './failover-storm.ts'

describeWithOwnMembers('two nodes on a replica set in trouble', () => {
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
})
