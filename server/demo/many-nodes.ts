import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openAccounts } from '../auth/accounts.ts'
import type { Config } from '../config.ts'
import { newId } from '../new-id.ts'
import { createOffice } from '../setup/create-office.ts'
import { openStore } from '../store/open.ts'
import { accountIds, makeAccounts, type SampleAccount, sampleOffice, signInLines } from './people.ts'
import { startTrialSet } from './trial-set.ts'

/**
 * So many servers, each a process of its own, on one replica set with the sample office: from `PORT` on, until a signal ends all of it.
 * Resolves when everything is gone again.
 */
export async function demoOfMany(
  nodes: number,
  config: Config,
  environment: NodeJS.ProcessEnv,
  say: (line: string) => void,
): Promise<void> {
  const stopped = stopSignal()
  const folder = await mkdtemp(join(tmpdir(), 'codossier-demo-'))
  const set = await startTrialSet(environment, say)
  const running: ChildProcess[] = []
  try {
    const mongodbUri = set.uri(`codossier-demo-${newId()}`)
    const people = await makeOffice({ dataDir: folder, mongodbUri })
    const addresses: string[] = []
    for (let i = 0; i < nodes; i++) {
      const own = { PORT: String(config.port && config.port + i), DATA_DIR: join(folder, `node-${i + 1}`), MONGODB_URI: mongodbUri }
      const { child, address } = await startNode({ ...environment, PUBLIC_URL: '', LOG_LEVEL: config.logLevel, ...own })
      running.push(child)
      addresses.push(address)
      say(`node ${i + 1} runs at ${address} (process ${child.pid})`)
    }
    say('The sample office is ready, on one replica set. Sign in as these, side by side; what one does the other sees:')
    for (const line of signInLines(people, distinct(addresses))) say(line)
    await Promise.race([stopped, Promise.all(running.map(ended))])
  } finally {
    for (const child of running) child.kill('SIGTERM')
    await Promise.all(running.map(ended))
    await set.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

/** Resolves at the first signal that asks this process to end; a second one ends it at once. */
function stopSignal(): Promise<void> {
  let isAsked = false
  return new Promise((resolve) => {
    const stop = (): void => {
      if (isAsked) process.exit(1)
      isAsked = true
      resolve()
    }
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop)
  })
}

/** Each on a host name of its own where there are two, so that cookies of one browser do not meet. */
function distinct(addresses: readonly string[]): string[] {
  return addresses.map((address, i) => (i % 2 === 0 ? address : address.replace('localhost', '127.0.0.1')))
}

async function makeOffice(place: { dataDir: string; mongodbUri: string }): Promise<SampleAccount[]> {
  const store = await openStore(place)
  const accounts = await openAccounts({ ...place, publicOrigin: null, isAllowedOrigin: () => false })
  const people = await makeAccounts((account) => accounts.create(account))
  const wanted = { office: sampleOffice, admin: null, withSample: true, accounts: accountIds(people) }
  await createOffice({ store, now: Date.now, newId }, wanted)
  await Promise.all([accounts.close(), store.close()])
  return people
}

const main = fileURLToPath(new URL('../main.ts', import.meta.url))

/** Starts a server as `npm start` does; resolves when it says where it runs. */
async function startNode(environment: NodeJS.ProcessEnv): Promise<{ child: ChildProcess; address: string }> {
  // a group of its own: Ctrl-C in the terminal comes to it once, from here
  const child = spawn(process.execPath, [main], { env: environment, stdio: ['ignore', 'pipe', 'inherit'], detached: true })
  process.once('exit', () => child.kill('SIGKILL'))
  let said = ''
  const address = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (text: Buffer) => {
      const found = /Codossier runs at (\S+)/.exec((said += text.toString()))?.[1]
      if (found) resolve(found)
    })
    child.once('exit', () => reject(new Error(`a node did not start. ${said}`)))
  })
  return { child, address }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
}
