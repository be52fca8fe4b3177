import { newId } from '../../server/new-id.ts'
import { findMongo, openTrialSet, type TrialSet } from '../../server/store/replica-set.ts'

let opened: Promise<TrialSet> | null = null

/** The connection string of a new database on the run's replica set, which is started with the first and ends with the process. */
export async function newDatabase(): Promise<string> {
  const server = findMongo(process.env)
  if (!server) throw new Error('no MongoDB server was found: set MONGODB_TEST_URI to a replica set, or put a mongod on the PATH')
  opened ??= openTrialSet(server)
  return (await opened).uri(`codossier-bench-${newId()}`)
}
