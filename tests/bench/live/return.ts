import { io } from 'socket.io-client'
import type { Bench } from '../bench.ts'
import type { PreparedOffice } from '../offices.ts'
import { ReturningMember } from '../returning-member.ts'
import type { ServerProcess } from '../server-process.ts'
import { signedIn } from '../../harness/member.ts'

/** How much happens in the office while everybody is away. */
const missedEvents = 200

/**
 * 200 members of an office of 50,000 dossiers, all at the same moment: after their lines were cut, after a restart of the server, and
 * opening the office afresh. Without the random pause of up to 5 s that the product spreads them over, so this is the worst there is.
 * Beside it what Socket.io alone takes to have them back.
 */
export async function returning(bench: Bench): Promise<void> {
  const office = await bench.offices.large()
  const relay = await bench.server('socket-relay')
  let server = await bench.server('office', [office.dataDir])
  const port = String(server.port)
  for (let round = 0; bench.hasTimeFor(round); round++) {
    const members = office.cookies.map((cookie) => new ReturningMember(server.url, cookie))
    const standing = await happen(server, office, 1)
    for (const member of members) member.standAt(standing)
    await allAtOnce(members, (member) => member.comeBack())

    for (const member of members) member.leave()
    await timed(bench, server, members, 'lines cut', await happen(server, office, missedEvents), (member) => member.comeBack())
    await relayReturn(bench, relay, members.length)

    const at = await happen(server, office, missedEvents)
    for (const member of members) member.leave()
    const missed = await happen(server, office, missedEvents)
    if (missed <= at) throw new Error('nothing happened while they were away')
    await server.stop()
    server = await bench.server('office', [office.dataDir, port])
    await timed(bench, server, members, 'server restarted', missed, (member) => member.comeBack())

    for (const member of members) member.leave()
    await timed(bench, server, members, 'opened afresh', missed, (member) => member.open())
    bench.figures.ours('200 members, opened afresh: snapshot of each (kB)', (members[0]?.fetchedBytes ?? 0) / 1e3)
    for (const member of members) member.close()
  }
  await Promise.all([server.stop(), relay.stop()])
}

async function timed(
  { figures }: Bench,
  server: ServerProcess,
  members: readonly ReturningMember[],
  what: string,
  until: number,
  comeBack: (member: ReturningMember) => Promise<void>,
): Promise<void> {
  await server.measure()
  const tookMs = await allAtOnce(members, comeBack)
  const { longestPauseMs, cpuMs } = await server.measured()
  if (members.some(({ at }) => at < until)) throw new Error(`somebody who came back is not up to date (${what})`)
  figures.ours(`200 members, ${what}: until the last is up to date (ms)`, tookMs)
  figures.ours(`200 members, ${what}: server's longest pause (ms)`, longestPauseMs)
  figures.ours(`200 members, ${what}: server's CPU (ms)`, cpuMs)
}

/** Resolves with the milliseconds until the last was through. */
async function allAtOnce<T>(members: readonly T[], comeBack: (member: T) => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await Promise.all(members.map(comeBack))
  return performance.now() - startedAt
}

/** So many commands of the last member, who has no screen open. Returns the number of the log afterwards. */
async function happen({ url }: ServerProcess, { cookies }: PreparedOffice, events: number): Promise<number> {
  const member = signedIn(url, cookies[0] ?? '')
  const response = await member.get(`/api/v1/dossiers?status=client&limit=${events}&sort=number`)
  const { dossiers } = (await response.json()) as { dossiers: { id: string; amount: number | null }[] }
  const answers = await Promise.all(
    dossiers.map(({ id, amount }) => member.command({ type: 'dossier.edit', dossierId: id, amount: (amount ?? 0) + 100 })),
  )
  return Math.max(...answers.map(({ body }) => (body as { n: number }).n))
}

/** The same number of sockets, each with one question and an empty answer; nothing is signed in or stored. */
async function relayReturn({ figures }: Bench, relay: ServerProcess, size: number): Promise<void> {
  const sockets = Array.from({ length: size }, () => io(relay.url, { transports: ['websocket'], autoConnect: false, forceNew: true }))
  await relay.measure()
  const tookMs = await allAtOnce(sockets, async (socket) => {
    await new Promise((resolve) => socket.once('connect', () => resolve(null)).connect())
    await socket.emitWithAck('catchUp', 0)
  })
  const { longestPauseMs, cpuMs } = await relay.measured()
  for (const socket of sockets) socket.disconnect()
  figures.peer('200 members, lines cut: until the last is up to date (ms)', tookMs)
  figures.peer("200 members, lines cut: server's longest pause (ms)", longestPauseMs)
  figures.peer("200 members, lines cut: server's CPU (ms)", cpuMs)
}
