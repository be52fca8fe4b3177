import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureClient } from './build-client.ts'
import { readConfig } from './config.ts'
import { createLog } from './log.ts'
import { stopOnSignals } from './signals.ts'
import { startServer } from './start.ts'

/** An adviser and a manager of the same division, so that each sees what the other does. */
const people = [
  { email: 'aimee.corsten@office.example', name: 'Aimée Corsten', role: 'adviser' },
  { email: 'davy.vanderpol@office.example', name: 'Davy van der Pol', role: 'manager' },
] as const

process.umask(0o077)

try {
  const dataDir = await mkdtemp(join(tmpdir(), 'codossier-demo-'))
  const config = readConfig({ ...process.env, DATA_DIR: dataDir, PUBLIC_URL: '', LOG_LEVEL: process.env.LOG_LEVEL ?? 'warn' })
  const log = createLog(config.logLevel)
  const clientDir = await ensureClient((line) => console.log(line))
  const server = await startServer({ config, log, clientDir })
  stopOnSignals(server, log, () => rm(dataDir, { recursive: true, force: true }))
  const passwords = people.map(() => randomBytes(9).toString('base64url'))
  const accounts = new Map<string, string>()
  for (const [i, { email, name }] of people.entries()) {
    const accountId = await server.createAccount({ email, name, password: passwords[i] ?? '' })
    if (accountId) accounts.set(email, accountId)
  }
  const office = { name: 'Office Amstel & Rhône', language: 'en', currency: 'EUR', timeZone: 'Europe/Amsterdam' } as const
  await server.createOffice({ office, admin: null, withSample: true, accounts })
  // two host names, so that both can be signed in in one browser side by side
  const hosts = ['localhost', '127.0.0.1']
  console.log('The sample office is ready, in a throw-away folder. Sign in as these two, side by side:')
  people.forEach(({ email, role }, i) => {
    console.log(`  ${role.padEnd(8)} http://${hosts[i]}:${server.port}/sign-in   ${email}   ${passwords[i]}`)
  })
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}
