import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Config } from '../../server/config.ts'
import { createLog, type Log } from '../../server/log.ts'
import { type RunningServer, startServer } from '../../server/start.ts'
import { type SignedIn, signIn } from './member.ts'

export const password = 'correct horse battery'

/** Members of the sample office who can sign in, by a short name. Aimée and Davy share Rotterdam, Flore and Hector Lyon. */
export const people = {
  admin: 'kyara.scholten@office.example',
  manager: 'davy.vanderpol@office.example',
  adviser: 'aimee.corsten@office.example',
  colleague: 'julian.denadel@office.example',
  stranger: 'hector.nguyen@office.example',
  clerk: 'milly.vanloon@office.example',
  viewer: 'adrianna.bode@office.example',
} as const
export type Person = keyof typeof people

/** A real server on a free port with the sample office in a folder of its own. */
export interface TestOffice {
  server: RunningServer
  dataDir: string
  /** Where its store is. */
  place: { dataDir: string; mongodbUri: string | null }
  signIn(person: Person): Promise<SignedIn>
  stop(): Promise<void>
}

/** `mongodbUri`: of a replica set that several nodes share; null: the store is in the folder. */
export function testConfig(dataDir: string, mongodbUri: string | null = null): Config {
  return {
    ...{ port: 0, host: '127.0.0.1', dataDir, mongodbUri, publicOrigin: null, trustProxy: false },
    ...{ metricsToken: null, drainMs: 0, logLevel: 'error' },
  }
}

/** Starts it with accounts for these people. `clientDir`: also serve the built client. `now`: the server's clock. */
export async function startSampleOffice(
  who: readonly Person[],
  options: {
    clientDir?: string | null
    now?: () => number
    log?: Log
    visitGraceMs?: number
    mongodbUri?: string
    random?: () => number
    config?: Partial<Config>
  } = {},
): Promise<TestOffice> {
  const dataDir = await mkdtemp(join(tmpdir(), 'codossier-test-'))
  const {
    clientDir = null,
    now = Date.now,
    log = createLog('error'),
    visitGraceMs,
    mongodbUri = null,
    random = Math.random,
    config = {},
  } = options
  const server = await startServer({ config: { ...testConfig(dataDir, mongodbUri), ...config }, log, clientDir, now, visitGraceMs, random })
  const accounts = new Map<string, string>()
  for (const person of who) {
    const accountId = await server.createAccount({ email: people[person], name: person, password })
    if (accountId) accounts.set(people[person], accountId)
  }
  const office = { name: 'Office Amstel & Rhône', language: 'en', currency: 'EUR', timeZone: 'Europe/Amsterdam' } as const
  await server.createOffice({ office, admin: null, withSample: true, accounts })
  return {
    server,
    dataDir,
    place: { dataDir, mongodbUri },
    signIn: (person) => signIn(server.url, people[person], password),
    stop: async () => {
      await server.close()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

/** The one member of an empty office. */
export const firstAdmin = { name: 'Ada First', email: 'ada.first@office.example' }

/** A real server on a free port with an office that has nobody in it yet but its first admin. */
export async function startEmptyOffice(
  options: { clientDir?: string | null } = {},
): Promise<Omit<TestOffice, 'signIn' | 'place'> & { admin(): Promise<SignedIn> }> {
  const dataDir = await mkdtemp(join(tmpdir(), 'codossier-test-'))
  const server = await startServer({ config: testConfig(dataDir), log: createLog('error'), clientDir: options.clientDir ?? null })
  const accountId = await server.createAccount({ ...firstAdmin, password })
  if (!accountId) throw new Error('the first admin has no account')
  const office = { name: 'New Office', language: 'en', currency: 'EUR', timeZone: 'Europe/Amsterdam' } as const
  await server.createOffice({ office, admin: { ...firstAdmin, accountId }, withSample: false })
  return {
    server,
    dataDir,
    admin: () => signIn(server.url, firstAdmin.email, password),
    stop: async () => {
      await server.close()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
