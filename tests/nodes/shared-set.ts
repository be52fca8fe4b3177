import type { TestProject } from 'vitest/node'
import { inject } from 'vitest'
import { findMongo } from '../../server/store/replica-set.ts'
import { startReplicaSet } from '../harness/replica-set.ts'

/** A replica set that several files use at the same time: nothing may befall it. */
export interface SharedSet {
  /** The connection string for one of its databases. */
  uri(database: string): string
  /** Its members, where the tests started them; else none. */
  members: readonly { address: string }[]
}

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where the databases of the set that all files share lie, and the addresses of its members; null: there is none. */
    sharedSet: { uri: string; addresses: string[] } | null
  }
}

/** Before the first file and after the last: one set for all of them. Three servers take longer to start than most files do. */
export default async function shareSet({ provide }: TestProject): Promise<() => Promise<void>> {
  const isThere = findMongo(process.env) !== null
  // whatever would have to read a whole collection fails, in every test
  const set = isThere ? await startReplicaSet({ parameters: ['notablescan=1'] }) : null
  provide('sharedSet', set && { uri: set.uri('DATABASE'), addresses: set.members.map(({ address }) => address) })
  return async () => set?.stop()
}

/** The set that all files of this suite share; each has databases of its own in it. */
export function sharedSet(): SharedSet {
  const shared = inject('sharedSet')
  if (!shared) throw new Error('no MongoDB server was found')
  return {
    uri: (database) => shared.uri.replace('DATABASE', database),
    members: shared.addresses.map((address) => ({ address })),
  }
}
