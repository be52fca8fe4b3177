import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { MongoClient } from 'mongodb'

/** A replica set to try things on: one that is there, or three members on this machine in a throw-away folder. */
export interface TrialSet {
  /** The connection string for one of its databases. */
  uri(database: string): string
  /** Ends what was started, and removes its data. */
  stop(): Promise<void>
}

const project = join(import.meta.dirname, '..', '..')

/** Where a server comes from: `MONGODB_TEST_URI`, or a program to start: a `mongod` on the PATH, or beside the project. Null: there is none. */
export function findMongo(environment: NodeJS.ProcessEnv): { uri: string } | { program: string } | null {
  const uri = environment['MONGODB_TEST_URI']
  if (uri) return { uri }
  const onPath = (environment['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'mongod'))
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

/** The set of a connection string, or one of three members of this program, ready to write. It does not outlive this process. */
export async function openTrialSet(server: { uri: string } | { program: string }): Promise<TrialSet> {
  if ('uri' in server) return { uri: (database) => withDatabase(server.uri, database), stop: async () => {} }
  const folder = mkdtempSync(join(tmpdir(), 'codossier-mongo-'))
  const members = await Promise.all([0, 1, 2].map((i) => startMember(server.program, join(folder, String(i)))))
  const tidy = (): void => {
    for (const { process: member } of members) member.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
  process.once('exit', tidy)
  const hosts = members.map(({ address }) => address)
  await initiate(hosts)
  return {
    uri: (database) => `mongodb://${hosts.join(',')}/${database}?replicaSet=rs0`,
    async stop() {
      process.off('exit', tidy)
      const running = members.filter(({ process: { exitCode, signalCode } }) => exitCode === null && signalCode === null)
      const gone = running.map((member) => once(member.process, 'exit'))
      for (const { process: member } of members) member.kill('SIGKILL')
      await Promise.all(gone)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function startMember(program: string, folder: string): Promise<{ address: string; process: ChildProcess }> {
  mkdirSync(folder, { recursive: true })
  const port = await freePort()
  const place = ['--replSet', 'rs0', '--port', String(port), '--bind_ip', '127.0.0.1', '--dbpath', folder, '--logpath', join(folder, 'log')]
  const size = ['--wiredTigerCacheSizeGB', '0.5', '--oplogSize', '512']
  // the second: what a killed node had begun holds up its office no longer
  const parameters = ['diagnosticDataCollectionEnabled=false', 'transactionLifetimeLimitSeconds=20']
  // a group of its own: Ctrl-C in the terminal is for whoever started it, and the set is to outlive its nodes
  return {
    address: `127.0.0.1:${port}`,
    process: spawn(program, [...place, ...size, ...parameters.flatMap((parameter) => ['--setParameter', parameter])], {
      stdio: 'ignore',
      detached: true,
    }),
  }
}

/**
 * How soon members elect another primary, in milliseconds: with MongoDB's own 10 s nothing is written for as long after one is killed. That
 * a new primary waits for what the former had no majority for is of no use: none of it was called stored.
 */
export const soonElected = { electionTimeoutMillis: 1_000, heartbeatIntervalMillis: 200, catchUpTimeoutMillis: 1_000 }

/** Makes one set of servers that run, and waits for its primary. */
export async function initiate(hosts: readonly string[]): Promise<void> {
  const members = hosts.map((host, _id) => ({ _id, host }))
  // one that does not answer yet would make it fail
  await Promise.all(hosts.map((host) => withAdmin(`mongodb://${host}/?directConnection=true`, { ping: 1 })))
  await withAdmin(`mongodb://${hosts[0]}/?directConnection=true`, { replSetInitiate: { _id: 'rs0', members, settings: soonElected } })
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

/** A connection string with another database in it. */
export function withDatabase(uri: string, database: string): string {
  const [, place, query] = /^(mongodb(?:\+srv)?:\/\/[^/?]+)\/?[^?]*(\?.*)?$/.exec(uri) ?? []
  return `${place}/${database}${query ?? ''}`
}

/** A port of this machine that nobody listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}
