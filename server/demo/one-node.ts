import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Config } from '../config.ts'
import { createLog } from '../log.ts'
import { stopOnSignals } from '../signals.ts'
import { startServer } from '../start.ts'
import { accountIds, makeAccounts, sampleOffice, signInLines } from './people.ts'

/** One server with the sample office in a throw-away folder, until a signal ends it. */
export async function demoOfOne(config: Config, clientDir: string): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'codossier-demo-'))
  const log = createLog(config.logLevel)
  const server = await startServer({ config: { ...config, dataDir, mongodbUri: null }, log, clientDir })
  stopOnSignals(server, log, () => rm(dataDir, { recursive: true, force: true }))
  const people = await makeAccounts(server.createAccount)
  await server.createOffice({ office: sampleOffice, admin: null, withSample: true, accounts: accountIds(people) })
  // two host names, so that both can be signed in in one browser side by side
  const addresses = ['localhost', '127.0.0.1'].map((host) => `http://${host}:${server.port}`)
  console.log('The sample office is ready, in a throw-away folder. Sign in as these two, side by side:')
  for (const line of signInLines(people, addresses)) console.log(line)
}
