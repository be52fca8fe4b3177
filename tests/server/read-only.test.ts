import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chown, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createLog } from '../../server/log.ts'
import { startServer } from '../../server/start.ts'
import { freePort } from '../../server/store/replica-set.ts'
import { imported } from '../harness/import.ts'
import { signIn, type SignedIn } from '../harness/member.ts'
import { firstAdmin, password, testConfig } from '../harness/office.ts'
import { openTypist, type as typeIn, untilSaved } from '../harness/typist.ts'

const from = (path: string) => new URL(`../../server/${path}`, import.meta.url).href
/** A server that is there until it is told to stop; its settings are its first argument. */
const program = `
  import { createLog } from '${from('log.ts')}'
  import { stopOnSignals } from '${from('signals.ts')}'
  import { startServer } from '${from('start.ts')}'
  const log = createLog('error')
  stopOnSignals(await startServer({ config: JSON.parse(process.argv[1]), log, clientDir: null }), log)`
/** Somebody who owns nothing. */
const nobody = 65_534
/** As in the container: everything is read only but the data ($0), for a user without rights, who can get none. */
const confined = `
  mount --make-rprivate / && mount --bind "$0" "$0" && mount -o remount,bind,ro / || exit 9
  touch ${tmpdir()}/codossier-written 2>/dev/null && exit 9
  exec setpriv --reuid=${nobody} --regid=${nobody} --clear-groups --no-new-privs --inh-caps=-all "$@"`

const confine = (dataDir: string, command: string[]) => ['--mount', 'sh', '-c', confined, dataDir, ...command]
const canConfine =
  spawnSync('unshare', confine(tmpdir(), ['true'])).status === 0 || spawnSync('unshare', confine('/mnt', ['true'])).status === 0

let dataDir: string
let port: number
let server: ChildProcess
let admin: SignedIn

const hint = 'it takes root and Linux’s unshare, mount and setpriv to make everything else read only'
if (!canConfine) console.log(`skipped: a server on a file system that is read only: ${hint}`)

describe.skipIf(!canConfine)('a server without root, on a file system that is read only but for its data', () => {
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'codossier-test-'))
    // the one that is started below hashes passwords at full cost
    const { passwords: _, ...config } = testConfig(dataDir)
    const before = await startServer({ config, log: createLog('error'), clientDir: null })
    const accountId = (await before.createAccount({ ...firstAdmin, password }))!
    const office = { name: 'New Office', language: 'en', currency: 'EUR', timeZone: 'Europe/Amsterdam' } as const
    await before.createOffice({ office, admin: { ...firstAdmin, accountId }, withSample: false })
    await before.close()
    for (const name of ['.', ...(await readdir(dataDir))]) await chown(join(dataDir, name), nobody, nobody)
    port = await freePort()
    const command = [process.execPath, '--eval', program, JSON.stringify({ ...config, port })]
    server = spawn('unshare', confine(dataDir, command), { stdio: ['ignore', 'ignore', 'inherit'] })
    const url = `http://localhost:${port}`
    while (!(await fetch(`${url}/readyz`).catch(() => null))?.ok) await new Promise((resolve) => setTimeout(resolve, 50))
    admin = await signIn(url, firstAdmin.email, password)
  }, 120_000)
  afterAll(async () => {
    server?.kill('SIGKILL')
    await rm(dataDir, { recursive: true, force: true })
  })

  it('takes files in, keeps notes and gives exports, and leaves nothing but its databases', async () => {
    expect((await imported(admin, 'clients', 'client_ref,last_name\nK1,One')).state).toBe('done')
    const head = 'number,client_ref,title,status,stage,created_on'
    expect((await imported(admin, 'dossiers', `${head}\nD1,K1,T,client,Client created,2026-01-01`)).state).toBe('done')
    const screen = await admin.open()
    const typist = await openTypist(admin, screen.numbered('D1').id)
    typeIn(typist, () => 0.5)
    await untilSaved([typist])
    for (const format of ['csv', 'xlsx']) expect((await admin.post('/api/v1/dossiers/export', { format })).status).toBe(200)
    typist.session.destroy()
    screen.close()
    const files = (await readdir(dataDir)).filter((name) => !/^(accounts|office|lock)\.db(-wal|-shm|-journal|-notes)?$/.test(name))
    expect(files).toEqual(['secret'])
  })

  it('ends in order', async () => {
    const ended = once(server, 'exit')
    server.kill('SIGTERM')
    expect(await ended).toEqual([0, null])
  })
})
