import { newId } from '../../../server/new-id.ts'
import { type Screen, signedIn } from '../../harness/member.ts'
import type { Bench } from '../bench.ts'
import { quantile } from '../statistics.ts'
import { type Cluster, startCluster } from './cluster.ts'

/** So many commands of each node are under way at any moment. */
const crowd = 50

/** Commands of one office through one node, and through both at once: the second has the office's numbers to get by turns. */
export async function bothBusy(bench: Bench): Promise<void> {
  const cluster = await startCluster(bench)
  const screens = await Promise.all(cluster.nodes.map(({ url }, i) => signedIn(url, cluster.cookies[i] ?? '').open()))
  for (let round = 0; bench.hasTimeFor(round); round++) {
    await measure(bench, cluster, screens.slice(0, 1), 'through one node')
    await measure(bench, cluster, screens, 'through both nodes')
  }
  for (const screen of screens) screen.close()
  await cluster.stop()
}

async function measure({ figures, options }: Bench, { nodes }: Cluster, screens: readonly Screen[], how: string): Promise<void> {
  const each = (options.quick ? 10 : 60) * crowd
  const dossiers = [...(screens[0]?.workspace.rows.keys() ?? [])]
  const tookMs: number[] = []
  await Promise.all(nodes.map((node) => node.measure()))
  const startedAt = performance.now()
  const sender = async (screen: Screen, share: number): Promise<void> => {
    for (let i = 0; i < share; i++) {
      const dossierId = dossiers[Math.floor(Math.random() * dossiers.length)] ?? ''
      const at = performance.now()
      const command = { type: 'dossier.edit', dossierId, amount: Math.floor(Math.random() * 1e9) } as const
      const answer = await screen.socket.timeout(60_000).emitWithAck('command', { id: newId(), seen: 1_000_000_000, command })
      if (!answer.ok) throw new Error(`a command was refused: ${answer.refusal.code}`)
      tookMs.push(performance.now() - at)
    }
  }
  await Promise.all(screens.flatMap((screen) => Array.from({ length: crowd }, () => sender(screen, each / crowd))))
  const seconds = (performance.now() - startedAt) / 1_000
  figures.ours(`commands of one office, ${how} (a second)`, tookMs.length / seconds)
  figures.ours(`commands of one office, ${how}, p50 (ms)`, quantile(tookMs, 0.5))
  figures.ours(`commands of one office, ${how}, p99 (ms)`, quantile(tookMs, 0.99))
  const measured = await Promise.all(nodes.map((node) => node.measured()))
  figures.ours(
    `commands of one office, ${how}: CPU of the nodes each (ms)`,
    measured.reduce((sum, { cpuMs }) => sum + cpuMs, 0) / tookMs.length,
  )
}
