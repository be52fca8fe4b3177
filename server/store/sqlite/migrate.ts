import type { DatabaseSync } from 'node:sqlite'
import { closeSync, fsyncSync, openSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { format1 } from './format-1.ts'
import { format10 } from './format-10.ts'
import { format2 } from './format-2.ts'
import { format3 } from './format-3.ts'
import { format4 } from './format-4.ts'
import { format5 } from './format-5.ts'
import { format6 } from './format-6.ts'
import { format7 } from './format-7.ts'
import { format8 } from './format-8.ts'
import { format9 } from './format-9.ts'
import { inTransaction } from './transaction.ts'

/** What brings a database from format n to n + 1, at place n. */
export type Migration = (db: DatabaseSync) => void
/** In order; the format this server knows is their number. Only ever appended to. */
export const migrations: readonly Migration[] = [format1, format2, format3, format4, format5, format6, format7, format8, format9, format10]

/** The data were written by a newer server: nothing was touched. */
export class NewerFormat extends Error {
  override name = 'NewerFormat'
}
/** A reader cannot migrate: the server that owns the data has to start first. */
export class OlderFormat extends Error {
  override name = 'OlderFormat'
}

export interface StoreLog {
  info(fields: object, message: string): void
}

/** The format number a database stands at; 0: empty. */
export function formatOf(db: DatabaseSync): number {
  return Number(db.prepare('PRAGMA user_version').get()?.['user_version'])
}

/** Throws `NewerFormat` or `OlderFormat` unless the database stands at exactly the format this server knows. */
export function requireFormat(db: DatabaseSync, known = migrations.length): void {
  const format = formatOf(db)
  refuseNewer(format, known)
  if (format < known)
    throw new OlderFormat(`The data have format ${format}, this server reads format ${known}: start the server to migrate them.`)
}

/**
 * Brings a database to the newest format in one transaction, after a backup beside it (`backup-format-<n>-<time>.db`) when it holds data.
 * Throws `NewerFormat` when it is of a later one.
 */
export function migrate(
  db: DatabaseSync,
  { dataDir, now, log, steps = migrations }: { dataDir: string; now: () => number; log?: StoreLog; steps?: readonly Migration[] },
): void {
  const format = formatOf(db)
  refuseNewer(format, steps.length)
  if (format === steps.length) return
  const backup = format === 0 ? null : backUp(db, join(dataDir, `backup-format-${format}-${stamp(now())}.db`))
  inTransaction(db, () => {
    for (const step of steps.slice(format)) step(db)
    db.exec(`PRAGMA user_version = ${steps.length}`)
  })
  log?.info({ from: format, to: steps.length, backup }, 'store migrated')
}

function refuseNewer(format: number, known: number): void {
  if (format > known)
    throw new NewerFormat(
      `The data have format ${format}, but this server knows formats up to ${known}: start the newer server, or restore a backup.`,
    )
}

/** VACUUM INTO does not sync what it writes, so that is done here; the name is given only once the copy is whole and on disk. */
function backUp(db: DatabaseSync, path: string): string {
  const partial = `${path}.partial`
  db.prepare('VACUUM INTO ?').run(partial)
  const file = openSync(partial, 'r+')
  fsyncSync(file)
  closeSync(file)
  renameSync(partial, path)
  return path
}

/** `20261123T093015123Z`: sorts by time and is a file name everywhere. */
function stamp(at: number): string {
  return new Date(at).toISOString().replace(/[-:.]/g, '')
}
