import { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'

/** Another server runs on this data folder. */
export class DataDirInUse extends Error {
  override name = 'DataDirInUse'
}

/** Keeps the locks reachable: a connection that is garbage collected closes, and the folder would be free while its server runs. */
const held = new Set<DatabaseSync>()

/**
 * Takes the data folder for this process and returns what gives it back; throws `DataDirInUse` when another holds it.
 * The lock is an open transaction on a file that stays empty: the operating system ends it with the process, kill -9 included.
 * No code of this process may open `lock.db` or `office.db` as plain files: closing one drops every lock the process has on it.
 */
export function lockDataDir(dataDir: string): () => void {
  const db = new DatabaseSync(join(dataDir, 'lock.db'), { timeout: 0 })
  try {
    db.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    db.close()
    if (isBusy(error)) throw new DataDirInUse(`Another server is running on ${dataDir}. Stop it first, or give this one its own DATA_DIR.`)
    throw error
  }
  held.add(db)
  return () => {
    if (held.delete(db)) db.close()
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === 5
}
