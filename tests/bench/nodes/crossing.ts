import { isOpen } from '#shared/domain/pipeline.ts'
import { type Screen, signedIn } from '../../harness/member.ts'
import type { Bench } from '../bench.ts'
import { ourWriter, type Writer, writersIn } from '../note-crowds.ts'
import { quantile } from '../statistics.ts'
import { type Cluster, startCluster } from './cluster.ts'

/** Where somebody sits who sees what another does on the first node. */
const places = ['same node', 'other node'] as const
/** Each thing comes so many milliseconds after everybody has seen the one before. */
const pauseMs = 15

/** Command → screen and keystroke → screen, on the node where it is done and on the other. */
export async function crossing(bench: Bench): Promise<void> {
  const cluster = await startCluster(bench)
  for (let round = 0; bench.hasTimeFor(round); round++) {
    await commands(bench, cluster)
    await keystrokes(bench, cluster, round)
  }
  await cluster.stop()
}

async function commands({ figures, options }: Bench, { nodes, cookies }: Cluster): Promise<void> {
  const [sender, same, other] = (await Promise.all(
    [nodes[0], nodes[0], nodes[1]].map(({ url }, i) => signedIn(url, cookies[i] ?? '').open()),
  )) as [Screen, Screen, Screen]
  const open = [...sender.workspace.rows.values()].filter(({ status }) => isOpen(status)).map(({ id }) => id)
  const acknowledgedMs: number[] = []
  const seenMs = { 'same node': [] as number[], 'other node': [] as number[] }
  const times = options.quick ? 40 : 200
  for (let i = -10; i < times; i++) {
    const amount = 2_000_000_000 + i + Math.floor(Math.random() * 9e8) * 1_000
    const dossierId = open.at(i) ?? ''
    const startedAt = performance.now()
    const tookMs = () => performance.now() - startedAt
    const see = async (screen: Screen) => {
      await screen.until('the amount is there', (s) => s.row(dossierId)?.amount === amount, 10_000)
      return tookMs()
    }
    const sent = sender.send({ type: 'dossier.edit', dossierId, amount }).then((answer) => {
      if (!answer.ok) throw new Error(`a command was refused: ${JSON.stringify(answer.refusal)}`)
      return tookMs()
    })
    const [acknowledged, ...seen] = await Promise.all([sent, see(same), see(other)])
    await pause()
    // the first ones find cold code
    if (i < 0) continue
    acknowledgedMs.push(acknowledged)
    places.forEach((place, at) => seenMs[place].push(seen[at] ?? NaN))
  }
  figures.ours('command → its answer, p50 (ms)', quantile(acknowledgedMs, 0.5))
  for (const place of places) {
    figures.ours(`command → screen, ${place}, p50 (ms)`, quantile(seenMs[place], 0.5))
    figures.ours(`command → screen, ${place}, p99 (ms)`, quantile(seenMs[place], 0.99))
  }
  const beyond = seenMs['other node'].map((ms, i) => ms - (acknowledgedMs[i] ?? NaN))
  figures.ours('command → screen, other node, beyond the answer, p50 (ms)', quantile(beyond, 0.5))
  for (const screen of [sender, same, other]) screen.close()
}

/** One types; who sits where is told by turns, so that each letter is waited for in one place. */
async function keystrokes({ figures, options }: Bench, { nodes, cookies }: Cluster, round: number): Promise<void> {
  const note = await someDossier(nodes[0].url, cookies[0] ?? '', round)
  const times = options.quick ? 40 : 200
  for (const [i, place] of places.entries()) {
    const writers: Writer[] = []
    for (const { url } of [nodes[0], nodes[i] ?? nodes[0]]) writers.push(await ourWriter(url, cookies[writers.length] ?? '', note))
    const crowd = await writersIn(writers)
    const tookMs: number[] = []
    for (let letter = -10; letter < times; letter++) {
      const seen = await crowd.reach(0)
      if (letter >= 0) tookMs.push(...seen)
      await pause()
    }
    crowd.close()
    figures.ours(`keystroke → screen, ${place}, p50 (ms)`, quantile(tookMs, 0.5))
    figures.ours(`keystroke → screen, ${place}, p99 (ms)`, quantile(tookMs, 0.99))
  }
}

/** A dossier whose note nobody had open in this run. */
async function someDossier(url: string, cookie: string, index: number): Promise<string> {
  const response = await signedIn(url, cookie).get(`/api/v1/dossiers?status=client&offset=${index}&limit=1`)
  const { dossiers } = (await response.json()) as { dossiers: { id: string }[] }
  return dossiers[0]?.id ?? ''
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, pauseMs))
}
