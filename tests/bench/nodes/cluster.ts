import { copyStore } from '../../../server/keep/copy-store.ts'
import type { Bench } from '../bench.ts'
import type { ServerProcess } from '../server-process.ts'
import { newDatabase } from '../trial-set.ts'

/** Two nodes, each a process of its own, on one replica set with the sample office. */
export interface Cluster {
  nodes: readonly [ServerProcess, ServerProcess]
  cookies: string[]
  stop(): Promise<void>
}

export async function startCluster(bench: Bench): Promise<Cluster> {
  const { dataDir, cookies } = await bench.offices.sample()
  const mongodbUri = await newDatabase()
  await copyStore({ from: { dataDir }, to: { mongodbUri }, anew: false, say: () => {} })
  const node = (name: string) => bench.server('office', [bench.offices.folder(name), '0', '', mongodbUri])
  const nodes = [await node('node-1'), await node('node-2')] as const
  return { nodes, cookies, stop: async () => void (await Promise.all(nodes.map((one) => one.stop()))) }
}
