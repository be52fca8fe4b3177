import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { MongoClient } from 'mongodb'
import { describe } from 'vitest'

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
  address: string
  process: ChildProcess
}

const project = join(import.meta.dirname, '..', '..')

/** Where a server comes from: a connection string, or a program to start; null: there is none. */
export function findServer(): { uri: string } | { program: string } | null {
  const uri = process.env['MONGODB_TEST_URI']
  if (uri) return { uri }
  const onPath = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'mongod'))
  const program = [...onPath, join(project, '..', 'shared', 'mongodb', 'mongod')].find(isProgram)
  return program ? { program } : null
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Tests that need a replica set: skipped, saying how to run them, where no server is found. */
export function describeWithMongo(name: string, tests: () => void): void {
  if (findServer()) {
    describe(name, tests)
    return
  }
  const hint = 'no MongoDB server was found: set MONGODB_TEST_URI to a replica set, or put a mongod (6.0 or later) on the PATH'
  console.log(`skipped: ${name}: ${hint}`)
  describe.skip(`${name} (${hint})`, tests)
}

/**
 * The replica set of `MONGODB_TEST_URI`, else one of three members on free ports in a temporary folder, ready to write.
 * `parameters`: more server parameters for those that are started here.
 */
export async function startReplicaSet({ parameters = [] }: { parameters?: readonly string[] } = {}): Promise<ReplicaSet> {
  const server = findServer()
  if (!server) throw new Error('no MongoDB server was found')
  if ('uri' in server) return { uri: (database) => withDatabase(server.uri, database), members: [], stop: async () => {} }
  const folder = mkdtempSync(join(tmpdir(), 'codossier-mongo-'))
  const members = await Promise.all([0, 1, 2].map((i) => startMember(server.program, join(folder, String(i)), parameters)))
  const killAll = () => members.forEach(({ process }) => process.kill('SIGKILL'))
  process.once('exit', killAll)
  const hosts = members.map(({ address }) => address)
  await initiate(hosts)
  return {
    uri: (database) => `mongodb://${hosts.join(',')}/${database}?replicaSet=rs0`,
    members,
    stop: async () => {
      const gone = members.filter(({ process }) => process.exitCode === null).map(({ process }) => once(process, 'exit'))
      killAll()
      process.off('exit', killAll)
      await Promise.all(gone)
      rmSync(folder, { recursive: true, force: true })
    },
  }
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
  return { address: `127.0.0.1:${port}`, process: spawn(program, args, { stdio: 'ignore' }) }
}

/** Makes one set of them, that elects within a second, and waits for its primary. */
async function initiate(hosts: readonly string[]): Promise<void> {
  const members = hosts.map((host, _id) => ({ _id, host }))
  const settings = { electionTimeoutMillis: 1_000, heartbeatIntervalMillis: 200, catchUpTimeoutMillis: 1_000 }
  // one that does not answer yet would make it fail
  await Promise.all(hosts.map((host) => withAdmin(`mongodb://${host}/?directConnection=true`, { ping: 1 })))
  await withAdmin(`mongodb://${hosts[0]}/?directConnection=true`, { replSetInitiate: { _id: 'rs0', members, settings } })
  await withAdmin(`mongodb://${hosts.join(',')}/?replicaSet=rs0&w=majority`, { ping: 1 })
}

/** Runs one command on the admin database, as soon as there is a server to run it. */
export async function withAdmin(uri: string, command: Record<string, unknown>): Promise<Record<string, unknown>> {
  const client = new MongoClient(uri, { serverSelectionTimeoutMS: 30_000, heartbeatFrequencyMS: 500 })
  try {
    return await client.db('admin').command(command)
  } finally {
    await client.close()
  }
}

function withDatabase(uri: string, database: string): string {
  const [, place, query] = /^(mongodb(?:\+srv)?:\/\/[^/?]+)\/?[^?]*(\?.*)?$/.exec(uri) ?? []
  return `${place}/${database}${query ?? ''}`
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}
