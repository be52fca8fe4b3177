import { cp, mkdtemp, rm } from 'node:fs/promises'
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

/** The offices of one run: each is made once, and handed out as a copy that may be written to. */
export class Offices {
  readonly #root: Promise<string> = mkdtemp(join(tmpdir(), 'codossier-bench-'))
  readonly #made = new Map<string, Promise<PreparedOffice>>()
  #copies = 0

  /** The sample office: 2,778 dossiers, 2,108 of them open, 23 members who may write. */
  sample(): Promise<PreparedOffice> {
    return this.#copy('sample', makeSample)
  }

  /** 50,000 dossiers, 20,000 of them open, 200 members. */
  large(): Promise<PreparedOffice> {
    return this.#copy('large', makeLarge)
  }

  /** A folder below the run's own, for whatever a measurement writes. */
  async folder(name: string): Promise<string> {
    return join(await this.#root, name)
  }

  async remove(): Promise<void> {
    await rm(await this.#root, { recursive: true, force: true })
  }

  async #copy(name: string, make: (dataDir: string) => Promise<string[]>): Promise<PreparedOffice> {
    let made = this.#made.get(name)
    if (!made) this.#made.set(name, (made = this.folder(name).then(async (dataDir) => ({ dataDir, cookies: await make(dataDir) }))))
    const { dataDir, cookies } = await made
    const copy = await this.folder(`${name}-${++this.#copies}`)
    await cp(dataDir, copy, { recursive: true })
    return { dataDir: copy, cookies }
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
