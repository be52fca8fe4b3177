import { existsSync } from 'node:fs'
import { cp, mkdtemp, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Config } from '../../server/config.ts'
import { createLog, type Log } from '../../server/log.ts'
import { copyStore } from '../../server/keep/copy-store.ts'
import { type RunningServer, startServer, type StartOptions } from '../../server/start.ts'
import { type SignedIn, signIn } from './member.ts'
import { cheapPasswords } from './passwords.ts'

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
export function testConfig(dataDir: string, mongodbUri: string | null = null): StartOptions['config'] {
  return {
    ...{ port: 0, host: '127.0.0.1', dataDir, mongodbUri, publicOrigin: null, trustProxy: false },
    ...{ metricsToken: null, drainMs: 0, logLevel: 'error', passwords: cheapPasswords },
  }
}

interface SampleOptions {
  /** Also serve the built client. */
  clientDir?: string | null
  /** The server's clock. */
  now?: () => number
  log?: Log
  visitGraceMs?: number
  mongodbUri?: string
  random?: () => number
  config?: Partial<Config>
}

/** Starts it with accounts for these people. */
export async function startSampleOffice(who: readonly Person[], options: SampleOptions = {}): Promise<TestOffice> {
  const dataDir = await mkdtemp(join(tmpdir(), 'codossier-test-'))
  const { mongodbUri = null } = options
  const isMade = await copyMade(who, options, dataDir)
  const server = await startOn(dataDir, options)
  if (!isMade) await makeSample(server, who)
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

function startOn(dataDir: string, options: SampleOptions): Promise<RunningServer> {
  const { clientDir = null, now = Date.now, log = createLog('error'), visitGraceMs, mongodbUri = null } = options
  const config = { ...testConfig(dataDir, mongodbUri), ...options.config }
  return startServer({ config, log, clientDir, now, visitGraceMs, random: options.random ?? Math.random })
}

async function makeSample(server: RunningServer, who: readonly Person[]): Promise<void> {
  const accounts = new Map<string, string>()
  for (const person of who) {
    const accountId = await server.createAccount({ email: people[person], name: person, password })
    if (accountId) accounts.set(people[person], accountId)
  }
  const office = { name: 'Office Amstel & Rhône', language: 'en', currency: 'EUR', timeZone: 'Europe/Amsterdam' } as const
  await server.createOffice({ office, admin: null, withSample: true, accounts })
}

/**
 * In a whole run the same office is made once, by a server that is stopped again, and its folder copied for each who asks, into a database
 * where that is wanted: making it takes 3 s of a core. Not one with a clock or chance of its own. Returns whether it was copied.
 */
async function copyMade(who: readonly Person[], { now, random, mongodbUri }: SampleOptions, dataDir: string): Promise<boolean> {
  const folder = process.env.CODOSSIER_TEST_OFFICES
  if (!folder || now || random) return false
  const made = join(folder, `office-${[...who].sort().join('-')}`)
  if (!existsSync(made)) await make(made, who)
  const own = mongodbUri ? await mkdtemp(join(tmpdir(), 'codossier-test-')) : dataDir
  await cp(made, own, { recursive: true })
  if (!mongodbUri) return true
  await copyStore({ from: { dataDir: own }, to: { mongodbUri }, anew: false, say: () => {} })
  await rm(own, { recursive: true })
  return true
}

async function make(place: string, who: readonly Person[]): Promise<void> {
  const own = await mkdtemp(`${place}-`)
  const server = await startOn(own, {})
  await makeSample(server, who)
  await server.close()
  // whoever was first has it
  await rename(own, place).catch(() => rm(own, { recursive: true }))
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
