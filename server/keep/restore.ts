import { existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { inspectFile, inspectOffices, knownFormat, renewNotes } from '../store/sqlite/keep.ts'
import { lockDataDir } from '../store/sqlite/lock.ts'
import { measured, readBackup, unpackBackup } from './archive.ts'
import { asidePrefix, dataIn, stamp, syncFolder } from './folders.ts'
import { KeepError, type Manifest, partNames } from './manifest.ts'
import type { Place } from './place.ts'

export interface RestoreOptions {
  file: string
  to: Place
  /** Where there are data already: keep them aside, in a folder or in collections of other names. */
  replace: boolean
  say: (line: string) => void
  now: () => number
}
type IntoFolder = RestoreOptions & { dataDir: string }

/**
 * Puts a backup into a place that no server runs on; in a data folder the next start migrates it where it is of an older format. Throws a
 * `KeepError`, and leaves everything as it was, when the file is not a whole backup, is of a newer format, a server runs there, or there are
 * data that are not to be replaced. Returns the manifest, and where the data are now that were there.
 */
export async function restore(options: RestoreOptions): Promise<{ manifest: Manifest; aside: string | null }> {
  const { to, say, now } = options
  const file = resolve(options.file)
  say('reading the backup')
  const manifest = await readBackup(file)
  if (manifest.format > knownFormat) {
    throw new KeepError(
      `${file} has format ${manifest.format}, made by version ${manifest.version}; this version knows formats up to ${knownFormat}. Restore it with the newer one.`,
    )
  }
  if ('dataDir' in to) return { manifest, aside: await intoFolder({ ...options, file, dataDir: to.dataDir }, manifest) }
  const { restoreIntoDatabase } = await import('./database-parts.ts')
  const unpack = (staging: string) => stage(staging, { file, say, now }, manifest)
  return { manifest, aside: await restoreIntoDatabase({ ...options, ...to }, unpack) }
}

async function intoFolder(options: IntoFolder, manifest: Manifest): Promise<string | null> {
  const { dataDir } = options
  if ((await dataIn(dataDir)).length > 0) refuseFull(options)
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  const unlock = lockDataDir(dataDir)
  try {
    return await putIn(options, manifest)
  } finally {
    unlock()
  }
}

function refuseFull({ dataDir, replace }: IntoFolder): void {
  // that a server runs is the better thing to say
  if (existsSync(join(dataDir, 'lock.db'))) lockDataDir(dataDir)()
  if (!replace) throw new KeepError(`${dataDir} holds data already. With --replace they are moved aside, into a folder below it.`)
}

async function putIn({ file, dataDir, say, now }: IntoFolder, manifest: Manifest): Promise<string | null> {
  const present = await dataIn(dataDir)
  const staging = join(dataDir, `restoring-${stamp(now())}`)
  await mkdir(staging, { mode: 0o700 })
  try {
    await stage(staging, { file, say, now }, manifest)
    const aside = present.length > 0 ? join(dataDir, `${asidePrefix}${stamp(now())}`) : null
    if (aside) await mkdir(aside, { mode: 0o700 })
    await moveAll([
      ...(aside ? officeLast(present).map((name): Move => [join(dataDir, name), join(aside, name)]) : []),
      ...officeLast(partNames).map((name): Move => [join(staging, name), join(dataDir, name)]),
    ])
    await syncFolder(dataDir)
    return aside
  } finally {
    await rm(staging, { recursive: true, force: true })
  }
}

/** Unpacks a backup into an empty folder and makes of it what is to be restored. */
async function stage(staging: string, { file, say, now }: Pick<RestoreOptions, 'file' | 'say' | 'now'>, manifest: Manifest): Promise<void> {
  say('unpacking')
  await unpackBackup(file, staging)
  say('checking what came out')
  await checkParts(staging, file, manifest)
  // seconds, and so above every epoch that was counted, and those of earlier restores
  renewNotes(join(staging, 'office.db'), Math.floor(now() / 1_000))
}

async function checkParts(staging: string, file: string, { format, offices, parts }: Manifest): Promise<void> {
  const faults: string[] = []
  for (const { name, sha256 } of parts)
    if ((await measured(join(staging, name))).sha256 !== sha256) faults.push(`${name} came out differently`)
  const found = inspectOffices(join(staging, 'office.db'))
  faults.push(...found.faults, ...inspectFile(join(staging, 'accounts.db')))
  if (found.format !== format || JSON.stringify(found.offices) !== JSON.stringify(offices)) faults.push('it is not what its manifest says')
  if (faults.length > 0) throw new KeepError(`${file} is damaged: ${faults.slice(0, 5).join('; ')}`)
}

type Move = [from: string, to: string]

/** Without its office a folder counts as new: so that, and its log, come last. */
function officeLast(names: readonly string[]): string[] {
  const isOffice = (name: string) => name.startsWith('office.db')
  return [...names.filter((name) => !isOffice(name)), ...names.filter(isOffice)]
}

/** All of them, or none: what was moved before one that fails goes back. */
async function moveAll(moves: readonly Move[]): Promise<void> {
  const done: Move[] = []
  try {
    for (const [from, to] of moves) {
      await rename(from, to)
      done.push([from, to])
    }
  } catch (error) {
    for (const [from, to] of done.reverse()) await rename(to, from)
    throw error
  }
}
