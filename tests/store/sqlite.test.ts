import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Worker } from 'node:worker_threads'
import { describe, expect, it, onTestFinished } from 'vitest'
import { fenceOf } from '../../server/store/fence.ts'
import { requireSqlite, SqliteTooOld } from '../../server/store/sqlite/database.ts'
import { copyDatabase, inspectOffices } from '../../server/store/sqlite/keep.ts'
import { DataDirInUse } from '../../server/store/sqlite/lock.ts'
import { migrate, migrations, NewerFormat, OlderFormat } from '../../server/store/sqlite/migrate.ts'
import { openSqliteStore } from '../../server/store/sqlite/open.ts'
import type { Store } from '../../server/store/store.ts'
import { type Made, storeContract } from './contract.ts'
import { held } from './holder.ts'
import { aFolder, opened } from './folders.ts'
import { aCommit, aDossier, anAppend, anEdit, anOfficeIn, anUpload, aSetting, day, freshId, put } from './samples.ts'

storeContract('sqlite', makeSqlite)

async function makeSqlite(): Promise<Made> {
  const dataDir = mkdtempSync(join(tmpdir(), 'codossier-store-'))
  const opened: Store[] = []
  const open = async (readOnly: boolean) => {
    const store = await openSqliteStore({ dataDir, readOnly })
    opened.push(store)
    return store
  }
  const store = await open(false)
  return {
    store,
    reopen: async () => {
      await opened.at(-1)?.close()
      return open(false)
    },
    reader: () => open(true),
    dispose: async () => {
      for (const each of opened) await each.close()
      rmSync(dataDir, { recursive: true })
    },
  }
}

describe('the sqlite store', () => {
  it('syncs every commit to disk, by what the open database says', async () => {
    const dataDir = aFolder()
    const store = await opened({ dataDir })
    expect(await store.durability()).toEqual({ synchronous: 2, journalMode: 'wal' })
    expect(await (await opened({ dataDir, readOnly: true })).durability()).toEqual({ synchronous: 2, journalMode: 'wal' })
  })

  it('makes its folder, for its owner alone', async () => {
    const dataDir = join(aFolder(), 'deep', 'data')
    await opened({ dataDir })
    expect(statSync(dataDir).mode & 0o777).toBe(0o700)
    expect(existsSync(join(dataDir, 'office.db'))).toBe(true)
  })

  it('gives a copy nothing of files that are on their way in', async () => {
    const dataDir = aFolder()
    const store = await opened({ dataDir })
    const officeId = await anOfficeIn(store)
    const upload = anUpload({ doc: '"of a file"' })
    await store.putUpload(officeId, upload)
    const bytes = new TextEncoder().encode('somebody’s data '.repeat(1_000))
    await store.putUploadPart(officeId, upload.id, { blob: 'file', part: 0, bytes })
    const copy = join(dataDir, 'copy.db')
    copyDatabase(join(dataDir, 'office.db'), copy)
    const inside = readFileSync(copy)
    for (const text of ['somebody’s data', 'of a file']) expect(inside.includes(text)).toBe(false)
    expect(inspectOffices(copy).faults).toEqual([])
    expect(await store.upload(officeId, upload.id)).toEqual(upload)
  })

  it('can be closed twice', async () => {
    const store = await opened({ dataDir: aFolder() })
    await store.close()
    await expect(store.close()).resolves.toBeUndefined()
  })

  it.each([
    ['3.51.2', false],
    ['3.6.23', false],
    ['2.99.99', false],
    ['3.51.3', true],
    ['3.53.4', true],
    ['4.0', true],
  ])('SQLite %s is accepted: %s', (version, accepted) => {
    if (accepted) expect(() => requireSqlite(version)).not.toThrow()
    else expect(() => requireSqlite(version)).toThrow(SqliteTooOld)
  })

  it('a note stands behind the same one of 64 fences for ever', () => {
    expect(['0', 'A', 'Zz9_-abcdefghij', 'note-of-a-dossier'].map(fenceOf)).toEqual([47, 12, 31, 47])
    expect(new Set(Array.from({ length: 2_000 }, () => fenceOf(freshId()))).size).toBe(64)
  })
})

describe('a data folder', () => {
  it('is refused while a store is open on it, and free once that is closed', async () => {
    const dataDir = aFolder()
    const store = await opened({ dataDir })
    await expect(openSqliteStore({ dataDir })).rejects.toThrow(DataDirInUse)
    await store.close()
    await opened({ dataDir })
  })

  it('is refused while another process has it; a killed one leaves it free, with all it had committed', async () => {
    const dataDir = aFolder()
    const holder = spawn(process.execPath, ['--expose-gc', join(import.meta.dirname, 'holder.ts'), dataDir], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    onTestFinished(() => void holder.kill('SIGKILL'))
    await saidReady(holder)
    await expect(openSqliteStore({ dataDir })).rejects.toThrow(DataDirInUse)
    const reader = await opened({ dataDir, readOnly: true })
    expect(await reader.number(held.officeId)).toBe(2)
    const gone = once(holder, 'exit')
    holder.kill('SIGKILL')
    await gone
    const store = await opened({ dataDir })
    expect(await store.number(held.officeId)).toBe(2)
    expect((await store.note(held.officeId, held.note)).updates.map((update) => update.seq)).toEqual([1, 2])
  })

  it('whose store could not be opened is free again', async () => {
    const dataDir = aFolder()
    await (await openSqliteStore({ dataDir })).close()
    setFormat(dataDir, 99)
    await expect(openSqliteStore({ dataDir })).rejects.toThrow(NewerFormat)
    setFormat(dataDir, migrations.length)
    await opened({ dataDir })
  })

  it('without a store cannot be read', async () => {
    const dataDir = aFolder()
    await expect(openSqliteStore({ dataDir, readOnly: true })).rejects.toThrow('no store')
    expect(readdirSync(dataDir)).toEqual([])
  })
})

/** The format a new store stands at. */
const newest = migrations.length

describe('the format', () => {
  const steps = [...migrations, (db: DatabaseSync) => db.exec('CREATE TABLE later (a TEXT) STRICT')]

  it('is written beside the store that has it, each commit under its number', async () => {
    const dataDir = aFolder()
    const store = await opened({ dataDir })
    const { officeId } = held
    await anOfficeIn(store, [], officeId)
    const beside = await opened({ dataDir, beside: true })
    expect(await beside.durability()).toEqual({ synchronous: 2, journalMode: 'wal' })
    expect(await beside.commit(aCommit(officeId, 1, { events: [aSetting(2)] }))).toEqual({ kind: 'done' })
    expect(await store.commit(aCommit(officeId, 1, { events: [aSetting(2)] }))).toEqual({ kind: 'moved' })
    expect(await store.number(officeId)).toBe(2)
    await beside.close()
    await expect(openSqliteStore({ dataDir })).rejects.toThrow(DataDirInUse)
  })

  it('without a store, or of another format, is not written beside, and nothing is made', async () => {
    const dataDir = aFolder()
    await expect(openSqliteStore({ dataDir, beside: true })).rejects.toThrow('no store')
    expect(readdirSync(dataDir)).toEqual([])
    const db = new DatabaseSync(join(dataDir, 'office.db'))
    db.exec(`PRAGMA user_version = ${migrations.length - 1}`)
    await expect(openSqliteStore({ dataDir, beside: true })).rejects.toThrow(OlderFormat)
    db.exec(`PRAGMA user_version = ${migrations.length + 1}`)
    await expect(openSqliteStore({ dataDir, beside: true })).rejects.toThrow(NewerFormat)
    db.close()
  })

  it('of a newer server is refused, naming both formats, and nothing is touched', async () => {
    const dataDir = await aStoreAt(99)
    await expect(openSqliteStore({ dataDir })).rejects.toThrow(new RegExp(`format 99.*up to ${newest}`))
    await expect(openSqliteStore({ dataDir, readOnly: true })).rejects.toThrow(NewerFormat)
    expect(formatIn(join(dataDir, 'office.db'))).toBe(99)
    expect(backupsIn(dataDir)).toEqual([])
  })

  it('of an older server is refused to a reader', async () => {
    const dataDir = await aStoreAt(0)
    await expect(openSqliteStore({ dataDir, readOnly: true })).rejects.toThrow(OlderFormat)
  })

  it('is migrated after a backup that holds everything', async () => {
    const dataDir = aFolder()
    const store = await openSqliteStore({ dataDir })
    const dossier = aDossier()
    const officeId = await anOfficeIn(store, [put.dossier(dossier)])
    await store.close()
    const told: object[] = []
    const log = { info: (fields: object) => void told.push(fields) }
    withDatabase(dataDir, (db) => migrate(db, { dataDir, now: () => day, log, steps }))
    const name = `backup-format-${newest}-20261123T000000000Z.db`
    expect(backupsIn(dataDir)).toEqual([name])
    expect(told).toEqual([{ from: newest, to: newest + 1, backup: join(dataDir, name) }])
    expect(formatIn(join(dataDir, 'office.db'))).toBe(newest + 1)
    const restored = aFolder()
    withDatabase(dataDir, (db) => expect(db.prepare('SELECT count(*) AS n FROM later').get()).toMatchObject({ n: 0 }))
    new DatabaseSync(join(dataDir, name)).exec(`VACUUM INTO '${join(restored, 'office.db')}'`)
    const backup = await opened({ dataDir: restored })
    expect(await backup.get(officeId, 'dossier', dossier.id)).toEqual(dossier)
  })

  it('stays as it was when a migration fails, every step of it', async () => {
    const dataDir = await aStoreAt(newest)
    const fails = () => {
      throw new Error('half way')
    }
    expect(() => withDatabase(dataDir, (db) => migrate(db, { dataDir, now: () => day, steps: [...steps, fails] }))).toThrow('half way')
    expect(formatIn(join(dataDir, 'office.db'))).toBe(newest)
    withDatabase(dataDir, (db) => expect(() => db.prepare('SELECT * FROM later')).toThrow('no such table'))
    expect(backupsIn(dataDir)).toHaveLength(1)
  })

  it('of a new store needs no backup', async () => {
    expect(backupsIn(await aStoreAt(newest))).toEqual([])
  })
})

describe('a reader in another thread', () => {
  it('reads whole commits only, while the writer commits', async () => {
    const dataDir = aFolder()
    const store = await opened({ dataDir })
    const dossiers = Array.from({ length: 100 }, () => aDossier())
    const officeId = await anOfficeIn(store, dossiers.map(put.dossier))
    const worker = new Worker(new URL('./reader-worker.ts', import.meta.url), { workerData: { dataDir, officeId } })
    onTestFinished(async () => void (await worker.terminate()))
    await once(worker, 'message')
    const lastNumber = 60
    for (let n = 2; n <= lastNumber; n++) {
      const events = [
        anEdit(
          n,
          dossiers.map((dossier) => dossier.id),
        ),
      ]
      await store.commit(aCommit(officeId, n - 1, { events, puts: dossiers.map((dossier) => put.dossier({ ...dossier, at: n })) }))
    }
    worker.postMessage({ until: lastNumber })
    const [{ reads, numbers, torn }] = (await once(worker, 'message')) as [{ reads: number; numbers: number; torn: number }]
    expect(torn).toBe(0)
    expect(reads).toBeGreaterThanOrEqual(numbers)
    expect(numbers).toBeGreaterThan(1)
  })
})

describe('epochs', () => {
  it('a note is read, and appended to, in its present epoch only', async () => {
    const dataDir = aFolder()
    const first = await openSqliteStore({ dataDir })
    const officeId = await anOfficeIn(first)
    const note = freshId()
    await first.appendNotes([anAppend(officeId, note, 1), anAppend(officeId, note, 2)])
    await first.close()
    withDatabase(dataDir, (db) => db.prepare('INSERT INTO note_epochs (office, note, epoch) VALUES (?, ?, 2)').run(officeId, note))
    const store = await opened({ dataDir })
    expect(await store.note(officeId, note)).toEqual({ epoch: 2, snapshot: null, updates: [] })
    expect(await store.appendNotes([anAppend(officeId, note, 3)])).toEqual(['raced'])
    expect(await store.appendNotes([anAppend(officeId, note, 1, { epoch: 2 })])).toEqual(['stored'])
    expect((await store.note(officeId, note)).updates.map((update) => update.seq)).toEqual([1])
  })
})

describe('speed', () => {
  it('5,000 puts are committed, and their rows read, well under a second each', async () => {
    const store = await opened({ dataDir: aFolder() })
    const officeId = await anOfficeIn(store)
    const puts = Array.from({ length: 5_000 }, () => put.dossier(aDossier()))
    const before = process.cpuUsage()
    await store.commit(aCommit(officeId, 1, { events: [aSetting(2)], puts }))
    await store.rows(officeId)
    const { user, system } = process.cpuUsage(before)
    // time on the processor: what else runs on the machine does not fail this
    expect((user + system) / 1_000).toBeLessThan(1_500)
  })
})

async function saidReady(holder: ChildProcess): Promise<void> {
  if (!holder.stdout) throw new Error('no standard output')
  await once(holder.stdout, 'data')
}

function withDatabase(dataDir: string, work: (db: DatabaseSync) => void): void {
  const db = new DatabaseSync(join(dataDir, 'office.db'))
  try {
    work(db)
  } finally {
    db.close()
  }
}

function setFormat(dataDir: string, format: number): void {
  withDatabase(dataDir, (db) => db.exec(`PRAGMA user_version = ${format}`))
}

async function aStoreAt(format: number): Promise<string> {
  const dataDir = aFolder()
  await (await openSqliteStore({ dataDir })).close()
  setFormat(dataDir, format)
  return dataDir
}

function formatIn(path: string): number {
  const db = new DatabaseSync(path, { readOnly: true })
  const format = Number(db.prepare('PRAGMA user_version').get()?.['user_version'])
  db.close()
  return format
}

function backupsIn(dataDir: string): string[] {
  return readdirSync(dataDir).filter((name) => name.startsWith('backup-'))
}
