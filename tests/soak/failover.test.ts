import { expect, it } from 'vitest'
import { describeWithOwnMembers } from '../harness/replica-set.ts'
import { waitsOf } from './failover-goals.ts'
import { failoverStorm, troubles } from './failover-storm.ts'

it('the soak says of each trouble how long writes waited, and what of that is longer than asked for, or than a busy machine is allowed', () => {
  const longest = (ms: number) => ({ median: 1, p99: 1, longest: ms })
  const result = { resumedMs: { kill: longest(5_001), freeze: longest(14_000), killNode: longest(900) }, movedMs: longest(6_000) }
  const long = (allow: number) => waitsOf(result, allow).filter(({ isLong }) => isLong)
  expect(waitsOf(result).map(({ metric }) => metric)).toEqual(['kill', 'freeze', 'killNode', 'moved'].map((name) => `failover.${name}`))
  expect(long(1)).toEqual([
    { metric: 'failover.kill', longestMs: 5_001, goalMs: 5_000, isLong: true },
    { metric: 'failover.moved', longestMs: 6_000, goalMs: 5_000, isLong: true },
  ])
  expect(long(2)).toEqual([])
})

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
