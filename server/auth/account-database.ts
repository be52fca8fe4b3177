import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { BetterAuthOptions } from 'better-auth'
import { getMigrations } from 'better-auth/db/migration'
import type { Db, IndexDescription } from 'mongodb'
import { attemptIndexes, attemptsIn, type SharedAttempts } from './shared-attempts.ts'

/** Where accounts lie: a file beside the office's own, or the database that several nodes share. */
export interface AccountDatabase {
  database: BetterAuthOptions['database']
  /** Signs cookies; the same on all nodes. */
  secret: string
  /** Makes the tables that are missing. */
  prepare(options: BetterAuthOptions): Promise<void>
  /** Resolves when what is read from here on holds all that anybody was told of before, as `Store.upToDate`. Throws where it cannot be told. */
  upToDate(): Promise<void>
  /** Null: no other node is here. */
  attempts: SharedAttempts | null
  close(): Promise<void>
}

/** A file of its own, on a connection of its own: the library keeps transactions open across awaits. */
export async function accountsInFolder(dataDir: string): Promise<AccountDatabase> {
  const database = new DatabaseSync(join(dataDir, 'accounts.db'))
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000')
  return {
    database,
    secret: await secretIn(dataDir),
    prepare: async (options) => (await getMigrations(options)).runMigrations(),
    upToDate: async () => {},
    attempts: null,
    close: async () => database.close(),
  }
}

/** Such a read is answered only by a server that a majority follows at this moment. */
const certain = { readConcern: { level: 'linearizable' }, maxTimeMS: 10_000 } as const

/** The collections `user`, `session`, `account` and `verification` of a database that nodes share. */
export async function accountsInMongo(uri: string): Promise<AccountDatabase> {
  const { MongoClient } = await import('mongodb')
  const { mongodbAdapter } = await import('better-auth/adapters/mongodb')
  const client = new MongoClient(uri, {
    appName: 'codossier accounts',
    // under these names, else what the connection string says of them would come first
    w: 'majority',
    journal: true,
    readConcernLevel: 'majority',
    connectTimeoutMS: 2_000,
    heartbeatFrequencyMS: 1_000,
  })
  const db = client.db()
  const secret = await sharedSecret(db)
  return {
    database: mongodbAdapter(db, { client }),
    secret,
    attempts: attemptsIn(db, secret),
    prepare: () => makeAccountIndexes(db),
    upToDate: async () => {
      await db.collection<{ _id: string }>('meta').findOne({ _id: 'secret' }, { projection: { _id: 1 }, ...certain })
    },
    close: () => client.close(),
  }
}

/** Every index of the account library's collections, as its adapter names and would make them: later, while they are read already. */
export const accountIndexes = {
  user: { user_email_uidx: { key: { email: 1 }, unique: true } },
  account: { account_userId_idx: { key: { userId: 1 } } },
  session: { session_token_uidx: { key: { token: 1 }, unique: true }, session_userId_idx: { key: { userId: 1 } } },
  verification: { verification_identifier_idx: { key: { identifier: 1 } } },
} as const

/** Makes those that are missing; they are there when it resolves. */
export async function makeAccountIndexes(db: Db): Promise<void> {
  const all: Record<string, Record<string, IndexDescription>> = { ...accountIndexes, ...attemptIndexes }
  const made = Object.entries(all).map(([collection, indexes]) =>
    db.collection(collection).createIndexes(Object.entries(indexes).map(([name, described]) => ({ name, ...described }))),
  )
  await Promise.all(made)
}

/** The secret of all nodes; whichever is first makes it: with this value, where one is given. */
export async function sharedSecret(db: Db, made = randomBytes(48).toString('base64url')): Promise<string> {
  const kept = await db
    .collection<{ _id: string; value: string }>('meta')
    .findOneAndUpdate({ _id: 'secret' }, { $setOnInsert: { value: made } }, { upsert: true, returnDocument: 'after' })
  return kept?.value ?? made
}

/** The secret that signs cookies: made on first start, kept in the data folder, readable by its owner only. */
export async function secretIn(dataDir: string): Promise<string> {
  const file = join(dataDir, 'secret')
  if (!existsSync(file)) await writeFile(file, randomBytes(48).toString('base64url'), { mode: 0o600, flag: 'wx' })
  return (await readFile(file, 'utf8')).trim()
}
