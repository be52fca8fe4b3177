import type { Heard } from './heard.ts'
import type { Passing, PassingHeard } from './passing.ts'
import type { Store } from './store.ts'

/** Which store a server, or one of its threads, works on: the embedded one in a folder, or one that several nodes share. */
export interface StorePlace {
  dataDir: string
  /** Connection string of a MongoDB replica set; null: the store is in the folder. */
  mongodbUri: string | null
}

/** Opens the store of a server; for `readOnly`, a thread's second look at it. */
export async function openStore({ dataDir, mongodbUri }: StorePlace, { readOnly = false } = {}): Promise<Store> {
  // each adapter is loaded only where it is used
  if (mongodbUri === null) return (await import('./sqlite/open.ts')).openSqliteStore({ dataDir, readOnly })
  return (await import('./mongo/open.ts')).openMongoStore({ uri: mongodbUri, readOnly })
}

/** Opens a store that other nodes may write to, and hears of what they do; a store in a folder has no other nodes. */
export async function openSharedStore(place: StorePlace, heard: Heard): Promise<Store> {
  if (place.mongodbUri === null) return openStore(place)
  return (await import('./mongo/open.ts')).openMongoStore({ uri: place.mongodbUri, heard })
}

/** Opens what nodes say to one another of who is there; null: a store in a folder has no other nodes. */
export async function openPassing({ mongodbUri }: StorePlace, heard: PassingHeard): Promise<Passing | null> {
  return mongodbUri === null ? null : (await import('./mongo/passing.ts')).openPassing(mongodbUri, heard)
}
