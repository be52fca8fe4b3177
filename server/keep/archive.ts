import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import * as tar from 'tar'
import { KeepError, Manifest, manifestName, type PartName, partNames } from './manifest.ts'

const mostManifestBytes = 1024 * 1024

/** Writes the manifest and the parts that lie in a folder into a new file, for its owner's eyes only; on disk when it resolves. */
export async function packBackup(folder: string, file: string): Promise<void> {
  const made = await open(file, 'wx', 0o600)
  await made.close()
  await tar.create({ file, cwd: folder, gzip: { level: 3 }, portable: true }, [manifestName, ...partNames])
  const written = await open(file, 'r+')
  await written.sync()
  await written.close()
}

/** Size and hash of a file. */
export async function measured(path: string): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return { bytes: (await stat(path)).size, sha256: hash.digest('hex') }
}

/**
 * Reads a backup through, writing nothing, and returns its manifest: every part is there, once, and is what the manifest says. Throws a
 * `KeepError` that says what is wrong.
 */
export async function readBackup(file: string): Promise<Manifest> {
  const { manifest: text, parts } = await entriesOf(file)
  const manifest = Manifest.safeParse(jsonOf(text))
  if (!manifest.success) throw new KeepError(`${file} is not a backup of Codossier, or of a version that this one does not know.`)
  for (const { name, bytes, sha256 } of manifest.data.parts) {
    const found = parts.get(name)
    if (found?.bytes !== bytes || found.sha256 !== sha256) throw new KeepError(`${file} is damaged: its ${name} is not what was put in.`)
  }
  return manifest.data
}

interface Entries {
  manifest: string
  parts: Map<string, { bytes: number; sha256: string }>
}

async function entriesOf(file: string): Promise<Entries> {
  const entries: Entries = { manifest: '', parts: new Map() }
  let foreign: string | null = null
  const onReadEntry = (entry: tar.ReadEntry): void => {
    const isManifest = entry.path === manifestName
    if (entry.type !== 'File' || entries.parts.has(entry.path) || (!isManifest && !isPart(entry.path))) {
      // not thrown: nobody would catch it here
      foreign ??= entry.path
      return void entry.resume()
    }
    const hash = createHash('sha256')
    const chunks: Buffer[] = []
    entry.on('data', (chunk: Buffer) => {
      hash.update(chunk)
      if (isManifest && entry.size <= mostManifestBytes) chunks.push(chunk)
    })
    entry.on('end', () => {
      if (isManifest) entries.manifest = Buffer.concat(chunks).toString('utf8')
      entries.parts.set(entry.path, { bytes: entry.size, sha256: hash.digest('hex') })
    })
  }
  try {
    await tar.list({ file, strict: true, onReadEntry })
  } catch (error) {
    throw readable(error, file)
  }
  if (foreign !== null) throw new KeepError(`${file} is not a backup of Codossier: it holds ${JSON.stringify(foreign).slice(0, 100)}.`)
  return entries
}

/** Puts the parts of a backup that was read before into an empty folder, each on disk when it resolves. */
export async function unpackBackup(file: string, folder: string): Promise<void> {
  try {
    await tar.extract({ file, cwd: folder, strict: true, filter: (path) => isPart(path), noMtime: true })
  } catch (error) {
    throw readable(error, file)
  }
  for (const name of partNames) {
    const part = await open(join(folder, name), 'r+')
    await part.chmod(0o600)
    await part.sync()
    await part.close()
  }
}

function isPart(path: string): path is PartName {
  return partNames.some((name) => name === path)
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function readable(error: unknown, file: string): Error {
  if (error instanceof KeepError) return error
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOENT') return new KeepError(`There is no file ${file}.`)
  if (code === 'EACCES' || code === 'EISDIR' || code === 'ENOSPC') return error as Error
  return new KeepError(`${file} is damaged, cut short, or no backup of Codossier.`)
}
