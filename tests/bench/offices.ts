import { mkdtempSync, rmSync } from 'node:fs'
import { cp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { newId } from '../../server/new-id.ts'
import { createOffice } from '../../server/setup/create-office.ts'
import { openSqliteStore } from '../../server/store/sqlite/open.ts'
import { readCsv } from '../../server/import/read-csv.ts'
import { sampleFile } from '../../server/sample/office.ts'
import { largeFrame, type Size, writeLargeOffice } from './large-office.ts'
import { openSessions } from './sessions.ts'

/** An office on disk that no server has open, with the cookies of members who are signed in and may write. */
export interface PreparedOffice {
  dataDir: string
  cookies: string[]
}

const large: Size = { seed: 20_261_123, dossiers: 50_000, open: 20_000, members: 200 }

/** The offices of one run: each is made once, and handed out as a copy that may be written to. All are gone when the process ends. */
export class Offices {
  readonly #root = mkdtempSync(join(tmpdir(), 'codossier-bench-'))
  readonly #made = new Map<string, Promise<string[]>>()
  #copies = 0

  constructor() {
    process.on('exit', () => rmSync(this.#root, { recursive: true, force: true }))
  }

  /** The sample office: 2,778 dossiers, 2,108 of them open, 23 members who may write. */
  sample(): Promise<PreparedOffice> {
    return this.#copy('sample', makeSample)
  }

  /** 50,000 dossiers, 20,000 of them open, 200 members. */
  large(): Promise<PreparedOffice> {
    return this.#copy('large', makeLarge)
  }

  /** An office that has nobody in it but its first admin, who is signed in. */
  empty(): Promise<PreparedOffice> {
    return this.#copy('empty', makeEmpty)
  }

  /** A folder below the run's own, for whatever a measurement writes. */
  folder(name: string): string {
    return join(this.#root, name)
  }

  async #copy(name: string, make: (dataDir: string) => Promise<string[]>): Promise<PreparedOffice> {
    const made = this.#made.get(name) ?? make(this.folder(name))
    this.#made.set(name, made)
    const cookies = await made
    const dataDir = this.folder(`${name}-${++this.#copies}`)
    await cp(this.folder(name), dataDir, { recursive: true })
    return { dataDir, cookies }
  }
}

async function makeSample(dataDir: string): Promise<string[]> {
  const { rows } = readCsv('members', await sampleFile('members'), ['email', 'role'])
  const writers = rows.filter(({ cells }) => cells['role'] !== 'viewer').map(({ cells }) => cells['email'] ?? '')
  const store = await openSqliteStore({ dataDir })
  const sessions = await openSessions(dataDir, writers)
  const accounts = new Map([...sessions].map(([email, { accountId }]) => [email, accountId]))
  const office = { name: 'Office Amstel & Rhône', language: 'en', currency: 'EUR', timeZone: 'Europe/Amsterdam' } as const
  await createOffice({ store, now: Date.now, newId }, { office, admin: null, withSample: true, accounts })
  await store.close()
  return [...sessions.values()].map(({ cookie }) => cookie)
}

async function makeEmpty(dataDir: string): Promise<string[]> {
  const admin = { name: 'Ada First', email: 'ada.first@office.example' }
  const store = await openSqliteStore({ dataDir })
  const session = (await openSessions(dataDir, [admin.email])).get(admin.email)
  if (!session) throw new Error('the first admin has no session')
  const office = { name: 'New Office', language: 'en', currency: 'EUR', timeZone: 'Europe/Amsterdam' } as const
  await createOffice({ store, now: Date.now, newId }, { office, admin: { ...admin, accountId: session.accountId }, withSample: false })
  await store.close()
  return [session.cookie]
}

async function makeLarge(dataDir: string): Promise<string[]> {
  const frame = largeFrame(large)
  const store = await openSqliteStore({ dataDir })
  const sessions = await openSessions(
    dataDir,
    frame.members.map(({ email }) => email),
  )
  await writeLargeOffice(store, frame, large, sessions)
  await store.close()
  return [...sessions.values()].map(({ cookie }) => cookie)
}
