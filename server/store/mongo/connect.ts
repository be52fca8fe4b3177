import { MongoClient, type MongoClientOptions, MongoError, MongoServerSelectionError } from 'mongodb'

/** The server cannot carry the store; the message says what is wrong and what to do. */
export class MongoUnfit extends Error {
  override name = 'MongoUnfit'
}

/** What the connections of nodes are called on the server. */
export const nodeName = 'codossier'
const oldest = 6

/**
 * Everything is confirmed by a majority, from its disks, and read as a majority has it, whatever the connection string says: each under the
 * name that it has there, since only so it comes before what is said there. Time-outs so that a primary that stands still is
 * noticed after 5 s, the sum of the two: with the driver's own it took 35 s to the next write. Shorter, and a machine that is short of time
 * for a moment is taken for lost.
 */
const options: MongoClientOptions = {
  w: 'majority',
  journal: true,
  readConcernLevel: 'majority',
  readPreference: 'primary',
  promoteBuffers: true,
  connectTimeoutMS: 4_000,
  heartbeatFrequencyMS: 1_000,
}

/** How long a server is waited for, in milliseconds: longer than a set takes to find a new primary. */
const selectionMs = 20_000

/**
 * Connects to the replica set or sharded cluster of a connection string. Throws `MongoUnfit` where none answers, or one that is too old or
 * is neither.
 */
export async function connect(
  uri: string,
  { waitMs = selectionMs, appName = nodeName }: { waitMs?: number; appName?: string } = {},
): Promise<MongoClient> {
  const client = new MongoClient(uri, { ...options, appName, serverSelectionTimeoutMS: waitMs })
  try {
    await client.connect()
    await requireFit(client)
    return client
  } catch (error) {
    await client.close()
    if (error instanceof MongoServerSelectionError) throw new MongoUnfit(await reasonOf(uri, error), { cause: error })
    throw error
  }
}

interface Hello {
  setName?: string
  /** `isdbgrid`: a mongos in front of a sharded cluster. */
  msg?: string
  /** Started with --replSet, but not initiated. */
  isreplicaset?: boolean
}

async function requireFit(client: MongoClient): Promise<void> {
  const admin = client.db('admin')
  const { version } = (await admin.command({ buildInfo: 1 })) as { version?: string }
  requireVersion(version ?? '0')
  const hello = (await admin.command({ hello: 1 })) as Hello
  const fault = faultOf(hello)
  if (fault) throw new MongoUnfit(fault)
}

/** Throws `MongoUnfit` unless this version (`6.0.5`) is 6.0 or later. */
export function requireVersion(version: string): void {
  if (!(Number.parseInt(version, 10) >= oldest)) throw new MongoUnfit(`MongoDB ${version} is too old: ${oldest}.0 or later is needed.`)
}

/** The same credentials and options for one of the hosts. */
function onlyOf(uri: string, host: string): string {
  const [, credentials = '', path = '', query = ''] = /^mongodb:\/\/([^@/]*@)?[^/?]*([^?]*)\??(.*)$/.exec(uri) ?? []
  const options = new URLSearchParams(query)
  options.delete('replicaSet')
  return `mongodb://${credentials}${host}${path}?${options.toString()}`
}

function faultOf({ setName, msg, isreplicaset }: Hello): string | null {
  if (setName !== undefined || msg === 'isdbgrid') return null
  if (isreplicaset) return 'This MongoDB server belongs to no replica set yet: run rs.initiate() on one member, once.'
  return 'This MongoDB server is not a replica set, which transactions need: start it with --replSet rs0 and run rs.initiate() once.'
}

/** Why no server could be selected: each is asked by itself. */
async function reasonOf(uri: string, error: MongoServerSelectionError): Promise<string> {
  const { hosts, replicaSet } = new MongoClient(uri).options
  const found = await Promise.all(hosts.map(async (host) => `${host.toString()}: ${await stateOf(uri, host.toString(), replicaSet)}`))
  return `No MongoDB server takes writes. ${found.join('; ') || error.message}`
}

async function stateOf(uri: string, host: string, replicaSet: string | undefined): Promise<string> {
  const alone = new MongoClient(onlyOf(uri, host), { directConnection: true, serverSelectionTimeoutMS: 2_000, connectTimeoutMS: 2_000 })
  try {
    const hello = (await alone.db('admin').command({ hello: 1 })) as Hello
    const fault = faultOf(hello)
    if (fault) return fault
    if (replicaSet && hello.setName !== replicaSet) return `its replica set is named ${hello.setName}, not ${replicaSet}`
    return 'it answers, but its replica set has no primary'
  } catch (error) {
    return error instanceof MongoError ? error.message : String(error)
  } finally {
    await alone.close()
  }
}
