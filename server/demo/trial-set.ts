import { findMongo, openTrialSet, type TrialSet } from '../store/replica-set.ts'

/** Of the servers that can be downloaded the newest of the oldest version that is supported still. */
const downloadedVersion = '7.0.24'

/** The part of `mongodb-memory-server-core` that is used. It comes with the development packages, and may not be installed. */
interface Downloader {
  MongoMemoryReplSet: {
    create(options: {
      binary: { version: string }
      replSet: { count: number; storageEngine: 'wiredTiger' }
    }): Promise<{ getUri(database: string): string; stop(): Promise<boolean> }>
  }
}

/**
 * A replica set to try things on: that of `MONGODB_TEST_URI`, else three members of the server that is found, else of one that is
 * downloaded. Throws where none is found and none can be downloaded, saying what helps.
 */
export async function startTrialSet(environment: NodeJS.ProcessEnv, say: (line: string) => void): Promise<TrialSet> {
  const found = findMongo(environment)
  if (found) {
    say('uri' in found ? 'Using the replica set of MONGODB_TEST_URI.' : `Starting a replica set of three members with ${found.program} …`)
    return openTrialSet(found)
  }
  say(`No MongoDB server was found. Downloading version ${downloadedVersion} from fastdl.mongodb.org (about 80 MB, once) …`)
  try {
    const name: string = 'mongodb-memory-server-core'
    const { MongoMemoryReplSet } = (await import(name)) as Downloader
    const set = await MongoMemoryReplSet.create({
      binary: { version: downloadedVersion },
      replSet: { count: 3, storageEngine: 'wiredTiger' },
    })
    return { uri: (database) => set.getUri(database), stop: async () => void (await set.stop()) }
  } catch (cause) {
    const help = 'Put a mongod (6.0 or later) on the PATH, or set MONGODB_TEST_URI to a replica set.'
    throw new Error(`No MongoDB server could be downloaded. ${help}`, { cause })
  }
}
