import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe } from 'vitest'
import { MongoNetworkError, MongoServerSelectionError } from 'mongodb'
import { findMongo, freePort, initiate, withAdmin, withDatabase } from '../../server/store/replica-set.ts'
import { Relay } from './relay.ts'

/** A replica set that is there for tests. */
export interface ReplicaSet {
  /** The connection string for one of its databases. */
  uri(database: string): string
  /** Its members, where the tests started them; else none. */
  members: readonly Member[]
  stop(): Promise<void>
}

/** A server process of its own. */
export interface Member {
  /** Where the server itself listens. */
  address: string
  process: ChildProcess
  /** What stands in front of it for everybody, the other members included; null: nothing does. */
  relay: Relay | null
  /** Starts its process again, after it has ended, on the same data. */
  restart(): void
}

/** Tests that need a replica set: skipped, saying how to run them, where no server is found. */
export function describeWithMongo(name: string, tests: () => void): void {
  if (findMongo(process.env)) describe(name, tests)
  else
    skipped(name, 'no MongoDB server was found: set MONGODB_TEST_URI to a replica set, or put a mongod (6.0 or later) on the PATH', tests)
}

/** Tests that stop, freeze or kill members, or set them up: skipped, saying why, where the set is not started by the tests. */
export function describeWithOwnMembers(name: string, tests: () => void): void {
  if (!process.env['MONGODB_TEST_URI']) describeWithMongo(name, tests)
  else skipped(name, 'it does things to members, and those of MONGODB_TEST_URI are not ours: unset it, with a mongod on the PATH', tests)
}

function skipped(name: string, hint: string, tests: () => void): void {
  console.log(`skipped: ${name}: ${hint}`)
  describe.skip(`${name} (${hint})`, tests)
}

/**
 * The replica set of `MONGODB_TEST_URI`, else one of three members on free ports in a temporary folder, ready to write.
 * `parameters`: more server parameters for those that are started here. `isRelayed`: each of them is reached through a relay only.
 */
export async function startReplicaSet({ parameters = [], isRelayed = false }: SetOptions = {}): Promise<ReplicaSet> {
  const server = findMongo(process.env)
  if (!server) throw new Error('no MongoDB server was found')
  if ('uri' in server) return { uri: (database) => withDatabase(server.uri, database), members: [], stop: async () => {} }
  const folder = mkdtempSync(join(tmpdir(), 'codossier-mongo-'))
  const members = await Promise.all([0, 1, 2].map((i) => startMember(server.program, join(folder, String(i)), parameters)))
  const killAll = () => members.forEach(({ process }) => process.kill('SIGKILL'))
  process.once('exit', killAll)
  if (isRelayed) for (const member of members) member.relay = await Relay.start(await freePort(), [Number(member.address.split(':')[1])])
  const hosts = members.map(({ address, relay }) => (relay ? `127.0.0.1:${relay.port}` : address))
  await initiate(hosts)
  return {
    uri: (database) => `mongodb://${hosts.join(',')}/${database}?replicaSet=rs0`,
    members,
    stop: async () => {
      killAll()
      process.off('exit', killAll)
      await Promise.all(members.map(({ process }) => ended(process)))
      await Promise.all(members.map(({ relay }) => relay?.stop()))
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

interface SetOptions {
  parameters?: readonly string[]
  isRelayed?: boolean
}

/** Resolves when a process is no more. */
export async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
}

/** One server on a free port; `replSet` null: a standalone one. */
export async function startMember(
  program: string,
  folder: string,
  parameters: readonly string[] = [],
  replSet: string | null = 'rs0',
): Promise<Member> {
  mkdirSync(folder, { recursive: true })
  const port = await freePort()
  const settings = ['enableTestCommands=1', 'diagnosticDataCollectionEnabled=false', ...parameters].flatMap((one) => [
    '--setParameter',
    one,
  ])
  const place = ['--port', String(port), '--bind_ip', '127.0.0.1', '--dbpath', folder, '--logpath', join(folder, 'log')]
  const size = ['--wiredTigerCacheSizeGB', '0.25', '--oplogSize', '128']
  const args = [...(replSet ? ['--replSet', replSet] : []), ...place, ...size, ...settings]
  const start = () => spawn(program, args, { stdio: 'ignore' })
  const member: Member = { address: `127.0.0.1:${port}`, process: start(), relay: null, restart: () => (member.process = start()) }
  return member
}

/** The connection string for one member alone, past what stands in front of it. */
export const directTo = ({ address }: Pick<Member, 'address'>) => `mongodb://${address}/?directConnection=true`

/** The member that takes writes. Throws where none does, or where the members are not ours. */
export async function primaryOf<M extends Pick<Member, 'address'>>({ members }: { members: readonly M[] }): Promise<M> {
  const states = await Promise.all(members.map((member) => stateOf(member)))
  const primary = members[states.indexOf('primary')]
  if (!primary) throw new Error('the replica set has no primary')
  return primary
}

/** Resolves when there is a primary and every other member follows it. */
export async function untilWhole({ members }: ReplicaSet): Promise<void> {
  const deadline = Date.now() + 60_000
  while (Date.now() < deadline) {
    const states = await Promise.all(members.map((member) => stateOf(member)))
    if (states.toSorted().join() === 'primary,secondary,secondary') return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('the replica set is not whole again')
}

async function stateOf(member: Pick<Member, 'address'>): Promise<'primary' | 'secondary' | 'other'> {
  try {
    const hello = await withAdmin(directTo(member), { hello: 1 })
    if (hello['isWritablePrimary']) return 'primary'
    return hello['secondary'] ? 'secondary' : 'other'
  } catch (error) {
    // a member that rolls back closes every connection for it, and one that is short of time may not answer
    if (error instanceof MongoNetworkError || error instanceof MongoServerSelectionError) return 'other'
    throw error
  }
}
