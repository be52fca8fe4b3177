import { existsSync } from 'node:fs'
import { open, readdir } from 'node:fs/promises'

/** Data that were moved aside lie here; such folders do not count as data. */
export const asidePrefix = 'before-restore-'

/** Whatever lies in a data folder, beside the lock and what earlier restores moved aside. */
export async function dataIn(dataDir: string): Promise<string[]> {
  if (!existsSync(dataDir)) return []
  const names = await readdir(dataDir)
  return names.filter((name) => !name.startsWith('lock.db') && !name.startsWith(asidePrefix))
}

/** Has a file on disk that nothing holds a lock on: closing it would drop that. */
export async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Has the names in a folder on disk. Not on Windows, where folders cannot be opened. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/** `20261123T093015Z`: sorts by time and is a file name everywhere. */
export function stamp(at: number): string {
  return new Date(at).toISOString().replace(/[-:]|\.\d+/g, '')
}
