import { openMongoStore } from '../../server/store/mongo/open.ts'
import { Cluster, type Fault } from '../nodes/cluster.ts'
import { Random } from './simulator/random.ts'
import { type Spread, spreadOf, Storm, type StormCounts } from './storm.ts'

/** What may befall the primary, or a node. `stallNode`: it stands still for a while and goes on. */
export const troubles = ['kill', 'stepDown', 'partition', 'freeze', 'killNode', 'stallNode'] as const
export type Trouble = (typeof troubles)[number]

export interface FailoverResult extends StormCounts {
  rounds: number
  /** From the trouble until a command that was sent after it is done, by kind of trouble, in milliseconds. */
  resumedMs: Partial<Record<Trouble, Spread>>
  /** From the end of a node until each tab has its screen and all its notes back, in milliseconds. */
  movedMs: Spread
}

export interface FailoverOptions {
  /** What befalls, one after the other. */
  rounds: readonly Trouble[]
  seed: number
  tabsEach: number
  /** For how long a node stands still, in milliseconds. */
  stallMs: number
  say?: (line: string) => void
}

/**
 * A storm of commands and typing on two nodes while one trouble after the other befalls the replica set and the nodes. After each it is looked
 * whether all is stored that had been seen or called done before.
 */
export async function failoverStorm({ rounds, seed, tabsEach, stallMs, say = () => {} }: FailoverOptions): Promise<FailoverResult> {
  const cluster = await Cluster.start(['adviser', 'manager', 'admin', 'colleague'])
  const random = new Random(seed)
  const storm = new Storm({ open: () => openMongoStore({ uri: cluster.mongodbUri, readOnly: true }), officeId: '' }, random)
  const resumed = new Map<Trouble, number[]>()
  const movedMs: number[] = []
  try {
    await storm.begin(cluster.members, tabsEach)
    for (const [i, trouble] of rounds.entries()) {
      await new Promise((resolve) => setTimeout(resolve, 300 + random.int(1_500)))
      const told = storm.told()
      const heal = await befall(cluster, trouble, random, stallMs)
      const tookMs = await untilDone(storm)
      resumed.set(trouble, [...(resumed.get(trouble) ?? []), tookMs])
      if (trouble === 'killNode') movedMs.push(...(await storm.back()).map((ms) => tookMs + ms))
      await storm.judge(told)
      await heal()
      const { commands, done, seen, faults } = storm.counts
      say(`round ${i + 1}, ${trouble}: ${Math.round(tookMs)} ms; ${commands} commands, ${done} done, ${seen} seen, faults ${faults.length}`)
    }
    const counts = await storm.end(cluster.members[0]!)
    await storm.judge(storm.told())
    const resumedMs = Object.fromEntries([...resumed].map(([trouble, times]) => [trouble, spreadOf(times)]))
    return { rounds: rounds.length, ...counts, resumedMs, movedMs: spreadOf(movedMs) }
  } finally {
    storm.stop()
    await cluster.stop()
  }
}

/** Resolves when it has begun, with what makes it good again. */
async function befall(cluster: Cluster, trouble: Trouble, random: Random, stallMs: number): Promise<() => Promise<void>> {
  if (trouble !== 'killNode' && trouble !== 'stallNode') return cluster.strike(trouble satisfies Fault)
  const node = random.pick(cluster.nodes)
  if (trouble === 'killNode') {
    await node.kill()
    return () => node.start()
  }
  node.signal('SIGSTOP')
  const resumed = new Promise<void>((resolve) => {
    setTimeout(() => {
      node.signal('SIGCONT')
      resolve()
    }, stallMs)
  })
  return () => resumed
}

/** Sends a command four times a second, each from any tab, until one of them is done; with how long that took, in milliseconds. */
async function untilDone(storm: Storm): Promise<number> {
  const since = performance.now()
  const first = Promise.withResolvers<void>()
  const timer = setInterval(() => void storm.probe().then(first.resolve), 250)
  await first.promise
  clearInterval(timer)
  return performance.now() - since
}
