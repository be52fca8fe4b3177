import { existsSync, rmSync } from 'node:fs'
import { copyFile, mkdtemp, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { Worker } from 'node:worker_threads'
import { accountIdsIn } from '../auth/kept-accounts.ts'
import { inspectFile, inspectOffices, type Inspected } from '../store/sqlite/keep.ts'
import { measured, packBackup, readBackup } from './archive.ts'
import { syncFolder } from './folders.ts'
import { KeepError, type Manifest, manifestName, partNames } from './manifest.ts'
import { nameOf, type Place } from './place.ts'

export interface BackupOptions {
  from: Place
  /** The file to write; one that exists is left alone. */
  file: string
  /** Told what is being done, one line at a time. */
  say: (line: string) => void
  now: () => number
}

/**
 * Writes a store into one file, also while servers run on it: every office as it was at one moment, with the accounts that sign in to
 * it. What is in the file does not tell where the store lay. The file has its name only once it is whole, read back and on disk. Throws
 * a `KeepError` for what the caller can mend.
 */
export async function backUp({ from, file: given, say, now }: BackupOptions): Promise<Manifest> {
  const file = resolve(given)
  const partial = `${file}.partial`
  await refuse(from, file, partial)
  const folder = await mkdtemp(join(dirname(file), `.${basename(file)}-`))
  const tidy = (): void => {
    rmSync(folder, { recursive: true, force: true })
    rmSync(partial, { force: true })
  }
  process.once('exit', tidy)
  try {
    await copyParts(from, folder, say)
    const inspected = inspectParts(from, folder, say)
    const manifest = await manifestOf(folder, inspected, now())
    await writeFile(join(folder, manifestName), JSON.stringify(manifest, null, 2), { mode: 0o600 })
    say('packing')
    await packBackup(folder, partial)
    say('reading it back')
    await readBackup(partial)
    if (existsSync(file)) throw new KeepError(`${file} is there already.`)
    await rename(partial, file)
    await syncFolder(dirname(file))
    return manifest
  } finally {
    tidy()
    process.off('exit', tidy)
  }
}

async function refuse(from: Place, file: string, partial: string): Promise<void> {
  if ('dataDir' in from && !existsSync(join(from.dataDir, 'office.db')))
    throw new KeepError(`There is nothing to back up in ${from.dataDir}.`)
  if (existsSync(file)) throw new KeepError(`${file} is there already: name a file that is not.`)
  if (existsSync(partial)) throw new KeepError(`${partial} is there: another backup is being made, or was broken off. Remove it first.`)
  if (!existsSync(dirname(file))) throw new KeepError(`There is no folder ${dirname(file)}.`)
}

async function copyParts(from: Place, folder: string, say: BackupOptions['say']): Promise<void> {
  if ('mongodbUri' in from) return (await import('./database-parts.ts')).copyDatabaseParts(from.mongodbUri, folder, say)
  const { dataDir } = from
  await copy(dataDir, folder, 'office.db', say)
  // not before: an account is made before its member sits on it, so that every seat in the copy has its account
  await copy(dataDir, folder, 'accounts.db', say)
  await copyFile(join(dataDir, 'secret'), join(folder, 'secret'))
}

function inspectParts(from: Place, folder: string, say: BackupOptions['say']): Inspected {
  say('checking the copies')
  const inspected = inspectOffices(join(folder, 'office.db'))
  const faults = [...inspected.faults, ...inspectFile(join(folder, 'accounts.db'))]
  if (faults.length > 0)
    throw new KeepError(`The data in ${nameOf(from)} are damaged, no backup was made: ${faults.slice(0, 5).join('; ')}`)
  const accounts = accountIdsIn(join(folder, 'accounts.db'))
  const without = inspected.accountIds.filter((id) => !accounts.has(id)).length
  if (without > 0) say(`note: ${without} members have no account to sign in with, here as in the data`)
  return inspected
}

const saidEveryMs = 1_000

async function copy(dataDir: string, folder: string, name: string, say: BackupOptions['say']): Promise<void> {
  const [from, to] = [join(dataDir, name), join(folder, name)]
  const { size } = await stat(from)
  say(`copying ${name} (${megabytes(size)})`)
  const timer = setInterval(() => {
    void stat(to).then(
      ({ size: done }) => say(`copying ${name}: ${megabytes(done)} of about ${megabytes(size)}`),
      () => {},
    )
  }, saidEveryMs)
  try {
    await new Promise<void>((resolve, reject) => {
      const worker = new Worker(new URL('./copy-worker.ts', import.meta.url), { workerData: { from, to } })
      worker.once('error', reject)
      worker.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`${name} could not be copied`))))
    })
  } finally {
    clearInterval(timer)
  }
}

async function manifestOf(folder: string, { format, offices }: Inspected, at: number): Promise<Manifest> {
  const parts = await Promise.all(partNames.map(async (name) => ({ name, ...(await measured(join(folder, name))) })))
  return { kind: 'codossier-backup', layout: 1, format, version: await appVersion(), madeAt: new Date(at).toISOString(), offices, parts }
}

async function appVersion(): Promise<string> {
  const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }
  return version
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`
}
