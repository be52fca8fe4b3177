import { open } from 'node:fs/promises'

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
