import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { openSqliteStore, type SqliteOptions, type SqliteStore } from '../../server/store/sqlite/open.ts'

/** A folder that goes away when the test ends. */
export function aFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'codossier-store-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

/** A store that is closed when the test ends. */
export async function opened(options: SqliteOptions): Promise<SqliteStore> {
  const store = await openSqliteStore(options)
  onTestFinished(() => store.close())
  return store
}
