import { parentPort, workerData } from 'node:worker_threads'
import type { Commit } from '../store.ts'
import type { Said } from './bulk-writer.ts'
import { collectionsOf } from './collections.ts'
import { committer } from './commit.ts'
import { connect } from './connect.ts'

/** The thread of one large commit. */
const { uri, commit } = workerData as { uri: string; commit: Commit }
const say = (said: Said): void => parentPort?.postMessage(said)

const client = await connect(uri)
const result = await committer(client, collectionsOf(client.db()))({ ...commit, onProgress: (written) => say({ written }) })
await client.close()
say({ result })
