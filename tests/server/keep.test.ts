import { copyFile, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import * as tar from 'tar'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Command } from '#shared/contracts/commands.ts'
import type { DossierRow } from '#shared/contracts/dossier.ts'
import type { OfficeEvent } from '#shared/contracts/events.ts'
import type { Id } from '#shared/contracts/ids.ts'
import type { Frame } from '#shared/contracts/office.ts'
import { applyEvent, applyToFrame } from '#shared/domain/apply.ts'
import { KeepError } from '../../server/keep/manifest.ts'
import { restore } from '../../server/keep/restore.ts'
import { openAccounts } from '../../server/auth/accounts.ts'
import { createLog } from '../../server/log.ts'
import { newId } from '../../server/new-id.ts'
import { Offices } from '../../server/queries/offices.ts'
import { startServer } from '../../server/start.ts'
import { openDatabase } from '../../server/store/sqlite/database.ts'
import { formatOf, migrate, migrations } from '../../server/store/sqlite/migrate.ts'
import { openSqliteStore } from '../../server/store/sqlite/open.ts'
import type { Store } from '../../server/store/store.ts'
import { runEntry } from '../harness/command-line.ts'
import { type Screen, signIn } from '../harness/member.ts'
import { password, people, startSampleOffice, testConfig, type TestOffice } from '../harness/office.ts'
import { judgeNote, openTypist, snapshotClocks, type, type Typist, untilSaved } from '../harness/typist.ts'
import { seeded } from '../store/random.ts'

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000)
console.log(`seed ${seed}`)
const random = seeded(seed)

let office: TestOffice
let folder: string
/** A backup made while nothing went on. */
let quiet: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'codossier-keep-'))
  office = await startSampleOffice(['admin', 'manager', 'adviser'])
  quiet = join(folder, 'quiet.tar.gz')
  const { code, said } = await runEntry('backup', [quiet], office.dataDir)
  expect(said).toContain('holds one office')
  expect(code).toBe(0)
})
afterAll(async () => {
  await office?.stop()
  await rm(folder, { recursive: true, force: true })
})

/** Commands of several members at once, and typing in notes, until it is told to end. */
class Storm {
  /** Acknowledged commands, with the number of their event. */
  readonly done = new Map<Id, number>()
  readonly #screens: Screen[]
  readonly typists: Typist[]
  readonly #dossiers: DossierRow[]
  #goesOn = true
  readonly #streams: Promise<void>[]
  readonly #typing: NodeJS.Timeout
  #waiters = new Set<() => void>()

  constructor(screens: Screen[], typists: Typist[]) {
    this.#screens = screens
    this.typists = typists
    this.#dossiers = [...screens[0]!.workspace.rows.values()].filter((r) => r.status === 'client').slice(0, 60)
    this.#streams = screens.map((screen) => this.#stream(screen))
    this.#typing = setInterval(() => typists.forEach((typist) => type(typist, () => random.int(1_000) / 1_000)), 10)
  }

  /** Resolves when so many more commands have been acknowledged. */
  more(count: number): Promise<void> {
    const wanted = this.done.size + count
    return new Promise((resolve) => this.#waiters.add(() => this.done.size >= wanted && resolve()))
  }

  async end(): Promise<void> {
    this.#goesOn = false
    clearInterval(this.#typing)
    await Promise.all(this.#streams)
    await untilSaved(this.typists)
    for (const { session } of this.typists) session.destroy()
    for (const screen of this.#screens) screen.close()
  }

  async #stream(screen: Screen): Promise<void> {
    while (this.#goesOn) {
      const id = newId()
      const answer = await screen.send(this.#command(screen), { id, seen: 1_000_000_000 })
      if (answer.ok && answer.n !== null) this.done.set(id, answer.n)
      for (const check of [...this.#waiters]) check()
    }
  }

  #command(screen: Screen): Command {
    const { stages, members, divisions } = screen.frame
    const dossierId = random.pick(this.#dossiers).id
    const clerk = members.find((m) => m.role === 'clerk')!
    const isAdmin = members.find((m) => m.id === screen.memberId)?.role === 'admin'
    const divisionIds = [random.pick(divisions).id]
    if (isAdmin && random.chance(0.05)) return { type: 'member.changeDivisions', memberId: clerk.id, divisionIds }
    if (random.chance(0.5)) return { type: 'dossier.moveStage', dossierId, stageId: random.pick(stages.slice(0, -1)).id }
    return { type: 'dossier.edit', dossierId, amount: random.int(1_000_000) }
  }
}

async function logOf(store: Store, officeId: Id): Promise<OfficeEvent[]> {
  const log: OfficeEvent[] = []
  for (;;) {
    const more = await store.events(officeId, log.length, 1_000)
    if (more.length === 0) return log
    log.push(...more)
  }
}

it('a backup made in a storm restores to a state that the log knows; nothing acknowledged before it is missing', async () => {
  const members = await Promise.all((['admin', 'manager', 'adviser'] as const).map((person) => office.signIn(person)))
  const screens = await Promise.all(members.map((member) => member.open()))
  const before = { at: screens[0]!.at, rows: new Map(screens[0]!.workspace.rows) }
  const officeId = screens[0]!.frame.office.id
  const notes = [...before.rows.keys()].slice(0, 3)
  const typists = await Promise.all(members.flatMap((member) => notes.map((note) => openTypist(member, note))))
  const storm = new Storm(screens, typists)
  await storm.more(100)

  const acknowledged = new Map(storm.done)
  const clocks = snapshotClocks(typists)
  const file = join(folder, 'storm.tar.gz')
  const made = await runEntry('backup', [file], office.dataDir)
  expect(made.said).toContain('holds one office')
  await storm.more(20)
  await storm.end()

  const dataDir = join(folder, 'restored')
  const restored = await runEntry('restore', [file], dataDir)
  expect(restored.code, restored.said).toBe(0)
  const faults: string[] = []
  const [store, live] = await Promise.all([dataDir, office.dataDir].map((dir) => openSqliteStore({ dataDir: dir, readOnly: true })))
  try {
    const number = await store!.number(officeId)
    const [log, liveLog] = [await logOf(store!, officeId), await logOf(live!, officeId)]
    expect(log.map((e) => e.n)).toEqual(Array.from({ length: number }, (_, i) => i + 1))
    expect(log).toEqual(liveLog.slice(0, number))
    // it was made in the middle of it
    expect(liveLog.length).toBeGreaterThan(number)
    const numbers = new Map(log.map((e) => [e.commandId, e.n]))
    expect([...acknowledged].filter(([id, n]) => numbers.get(id) !== n)).toEqual([])
    const workspace = { frame: screens[0]!.frame, rows: before.rows }
    for (const event of log.slice(before.at)) applyEvent(workspace, event)
    const byId = (rows: Iterable<DossierRow>) => [...rows].sort((a, b) => (a.id < b.id ? -1 : 1))
    expect(byId((await store!.rows(officeId)).rows)).toEqual(byId(workspace.rows.values()))
    const first = log[0]!
    if (first.type !== 'office.created') throw new Error('a log begins with its office')
    const frame = log.reduce(applyToFrame, first.frame)
    const inOrder = ({ members, owners, divisions, ...rest }: Frame) => {
      const sorted = [members, owners, divisions].map((entries) => entries.toSorted((a, b) => (a.id < b.id ? -1 : 1)))
      return { sorted, ...rest }
    }
    expect(inOrder((await new Offices(store!).find(officeId))!.frame)).toEqual(inOrder(frame))
    for (const [note, must] of clocks) await judgeNote(store!, officeId, note, must, faults)
    expect(faults).toEqual([])
  } finally {
    await store!.close()
    await live!.close()
  }

  const server = await startServer({ config: testConfig(dataDir), log: createLog('error'), clientDir: null })
  try {
    const adviser = await signIn(server.url, people.adviser, password)
    const screen = await adviser.open()
    expect(screen.workspace.rows.size).toBe(before.rows.size)
    const dossierId = notes[0]!
    expect(await adviser.command({ type: 'dossier.edit', dossierId, title: 'After the restore' })).toMatchObject({ status: 200 })
    screen.close()
  } finally {
    await server.close()
  }
})

it('a backup is for its owner’s eyes, holds no more than its parts, and is never written over', async () => {
  if (process.platform !== 'win32') expect((await stat(quiet)).mode & 0o777).toBe(0o600)
  const names: string[] = []
  await tar.list({ file: quiet, onReadEntry: (entry) => void names.push(entry.path) })
  expect(names).toEqual(['manifest.json', 'office.db', 'accounts.db', 'secret'])
  const bytes = await readFile(quiet)
  const again = await runEntry('backup', [quiet], office.dataDir)
  expect([again.code, again.said]).toEqual([1, expect.stringContaining('is there already')])
  expect(await readFile(quiet)).toEqual(bytes)
  // nothing half-made lies about
  expect((await readdir(folder)).filter((name) => /partial|^\./.test(name))).toEqual([])
})

it('a restore is refused where a server runs, and where there are data, unless they are to be replaced', async () => {
  const running = await runEntry('restore', [quiet, '--replace'], office.dataDir)
  expect([running.code, running.said]).toEqual([1, expect.stringContaining('Another server is running')])
  expect(await readdir(office.dataDir)).not.toContainEqual(expect.stringMatching(/^(before-restore|restoring)/))

  const dataDir = await mkdtemp(join(folder, 'full-'))
  await writeFile(join(dataDir, 'office.db'), 'precious')
  const refused = await runEntry('restore', [quiet], dataDir)
  expect([refused.code, refused.said]).toEqual([1, expect.stringContaining('--replace')])
  expect(await readdir(dataDir)).toEqual(['office.db'])

  const replaced = await runEntry('restore', [quiet, '--replace'], dataDir)
  expect(replaced.code, replaced.said).toBe(0)
  const aside = (await readdir(dataDir)).find((name) => name.startsWith('before-restore-'))!
  expect(replaced.said).toContain(aside)
  expect(await readFile(join(dataDir, aside, 'office.db'), 'utf8')).toBe('precious')
  const store = await openSqliteStore({ dataDir, readOnly: true })
  expect(await store.offices()).toHaveLength(1)
  await store.close()
})

/** The quiet backup with something changed in it, packed anew. */
async function changedBackup(name: string, change: (dir: string) => Promise<void>, entries?: string[]): Promise<string> {
  const dir = await mkdtemp(join(folder, 'changed-'))
  await tar.extract({ file: quiet, cwd: dir })
  await change(dir)
  const file = join(folder, `${name}.tar.gz`)
  await tar.create({ file, cwd: dir, gzip: true }, entries ?? ['manifest.json', 'office.db', 'accounts.db', 'secret'])
  return file
}

async function inManifest(dir: string, change: (manifest: Record<string, unknown>) => void): Promise<void> {
  const path = join(dir, 'manifest.json')
  const manifest = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>
  change(manifest)
  await writeFile(path, JSON.stringify(manifest))
}

it('a damaged, truncated or foreign file, or one of a newer version, is refused with a clear word, and nothing is touched', async () => {
  const bytes = await readFile(quiet)
  const made = async (name: string, content: Uint8Array | string) => {
    await writeFile(join(folder, name), content)
    return join(folder, name)
  }
  const flipped = Buffer.from(bytes)
  flipped[Math.floor(bytes.length / 2)]! ^= 0xff
  const cases: [file: string, said: RegExp][] = [
    [join(folder, 'missing'), /There is no file/],
    [await made('empty', ''), /not a backup|no backup/],
    [await made('text', 'number,client_ref\n1,2\n'), /no backup/],
    [await made('cut', bytes.subarray(0, bytes.length - 10_000)), /cut short|damaged/],
    [await made('flipped', flipped), /damaged/],
    [await changedBackup('other-part', (dir) => writeFile(join(dir, 'secret'), 'another secret')), /secret is not what was put in/],
    [await changedBackup('no-part', async () => {}, ['manifest.json', 'office.db', 'secret']), /accounts.db is not what was put in/],
    [await changedBackup('no-manifest', async () => {}, ['office.db', 'accounts.db', 'secret']), /not a backup of Codossier/],
    [await changedBackup('more', (dir) => copyFile(quiet, join(dir, 'evil')), ['manifest.json', 'evil']), /it holds "evil"/],
    [await changedBackup('newer', (dir) => inManifest(dir, (m) => (m['format'] = 1_000))), /newer/],
    [await changedBackup('kind', (dir) => inManifest(dir, (m) => (m['kind'] = 'other'))), /not a backup of Codossier/],
  ]
  const dataDir = join(folder, 'untouched')
  for (const [file, said] of cases) {
    const refused = await restore({ file, to: { dataDir }, replace: false, say: () => {}, now: Date.now }).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(KeepError)
    expect(String(refused)).toMatch(said)
    await expect(stat(dataDir)).rejects.toThrow('ENOENT')
  }
})

it('a backup of an older format is migrated by the next start', async () => {
  const dataDir = await mkdtemp(join(folder, 'older-'))
  const path = join(dataDir, 'office.db')
  const older = openDatabase(path, { readOnly: false })
  migrate(older, { dataDir, now: Date.now, steps: migrations.slice(0, 1) })
  older.close()
  const accounts = await openAccounts({ dataDir, publicOrigin: null, isAllowedOrigin: () => false })
  await accounts.close()
  const file = join(folder, 'older.tar.gz')
  expect((await runEntry('backup', [file], dataDir)).said).toContain('holds 0 offices')
  const restored = join(folder, 'older-restored')
  expect((await runEntry('restore', [file], restored)).code).toBe(0)
  await expect(openSqliteStore({ dataDir: restored, readOnly: true })).rejects.toThrow('format 1')
  const store = await openSqliteStore({ dataDir: restored })
  await store.close()
  const db = new DatabaseSync(join(restored, 'office.db'))
  expect(formatOf(db)).toBe(migrations.length)
  db.close()
})

it('a database that is not what its log says is not backed up', async () => {
  const dataDir = await mkdtemp(join(folder, 'odd-'))
  await runEntry('restore', [quiet], dataDir)
  const db = new DatabaseSync(join(dataDir, 'office.db'))
  db.exec('DELETE FROM events WHERE n = 2')
  db.close()
  const file = join(folder, 'odd.tar.gz')
  const refused = await runEntry('backup', [file], dataDir)
  expect([refused.code, refused.said]).toEqual([1, expect.stringContaining('its log ends with 1')])
  await expect(stat(file)).rejects.toThrow('ENOENT')
})

it('a command line that says too little or too much is answered with how it goes', async () => {
  const asked: [entry: 'backup' | 'restore', args: string[], said: RegExp][] = [
    ['backup', [], /npm run backup -- FILE/],
    ['backup', ['a', 'b'], /npm run backup -- FILE/],
    ['backup', [join(folder, 'no-such-folder', 'x')], /There is no folder/],
    ['restore', [], /npm run restore -- FILE/],
    ['restore', ['a', '--force'], /--force/],
  ]
  for (const [entry, args, said] of asked) {
    expect(await runEntry(entry, args, office.dataDir)).toEqual({ code: 1, said: expect.stringMatching(said) as string })
  }
  const nothing = await runEntry('backup', [join(folder, 'nothing')], join(folder, 'no-data'))
  expect(nothing).toEqual({ code: 1, said: expect.stringContaining('nothing to back up') as string })
})
