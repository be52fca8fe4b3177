import { signedIn } from '../../harness/member.ts'
import { seeded } from '../../store/random.ts'
import { ourScreens, relayClients } from '../command-crowds.ts'
import { type Crowd, sample } from '../crowd.ts'
import { ourWriters, relayWriters } from '../note-crowds.ts'
import type { Bench } from '../bench.ts'
import type { ServerProcess } from '../server-process.ts'
import { quantile } from '../statistics.ts'

const sizes = [2, 50] as const

interface Servers {
  ours: ServerProcess
  sockets: ServerProcess
  notes: ServerProcess
  cookies: readonly string[]
}

/**
 * Command → other screen, beside a bare Socket.io relay; keystroke → other screen, beside a y-websocket server without storage. All
 * clients of a crowd live in this process, the server in one of its own; ours and the peer take turns.
 */
export async function latency(bench: Bench): Promise<void> {
  const { dataDir, cookies } = await bench.offices.sample()
  const servers: Servers = {
    ours: await bench.server('office', [dataDir]),
    sockets: await bench.server('socket-relay'),
    notes: await bench.server('yjs-relay'),
    cookies,
  }
  for (let round = 0; bench.hasTimeFor(round); round++) {
    for (const size of sizes) {
      const [command, keystroke] = [`command → other screen, ${size} clients`, `keystroke → other screen, ${size} clients`]
      await compare(bench, command, servers.ours, await ourScreens(servers.ours.url, cookies, size), 'ours')
      await compare(bench, command, servers.sockets, await relayClients(servers.sockets.url, size), 'peer')
      const note = await someDossier(servers, round * sizes.length + sizes.indexOf(size))
      await compare(bench, keystroke, servers.ours, await ourWriters(servers.ours.url, cookies, note, size), 'ours')
      await compare(bench, keystroke, servers.notes, await relayWriters(servers.notes.url, note, size), 'peer')
    }
  }
  await Promise.all([servers.ours.stop(), servers.sockets.stop(), servers.notes.stop()])
}

async function compare(
  { figures, options }: Bench,
  what: string,
  server: ServerProcess,
  crowd: Crowd,
  who: 'ours' | 'peer',
): Promise<void> {
  const times = options.quick ? 40 : 150
  const random = seeded(1)
  // the first ones find cold code
  await sample(crowd, 10, random)
  await server.measure()
  const tookMs = await sample(crowd, times, random)
  const { cpuMs } = await server.measured()
  crowd.close()
  figures[who](`${what}, p50 (ms)`, quantile(tookMs, 0.5))
  figures[who](`${what}, p99 (ms)`, quantile(tookMs, 0.99))
  figures[who](`${what}, server's CPU each (ms)`, cpuMs / times)
}

/** A dossier whose note nobody had open in this run. */
async function someDossier({ ours, cookies }: Servers, index: number): Promise<string> {
  const response = await signedIn(ours.url, cookies[0] ?? '').get(`/api/v1/dossiers?status=client&offset=${index}&limit=1`)
  const { dossiers } = (await response.json()) as { dossiers: { id: string }[] }
  return dossiers[0]?.id ?? ''
}
