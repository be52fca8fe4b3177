import fs from 'node:fs'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { decodeHalf, type Half, stamp } from './journal-record.ts'

/** What has to be acknowledged waits for one short write into room that is there already: half as long as a commit of the database. */
export const halfBytes = 2 * 1024 * 1024
const halves = [0, 1] as const
type Place = (typeof halves)[number]

// a write that returns when the bytes are on disk; where the system has no such thing, it is synced afterwards
const syncs = process.platform === 'linux'
const flags = fs.constants.O_RDWR | fs.constants.O_CREAT | (syncs ? fs.constants.O_DSYNC : 0)
const open = promisify(fs.open)
const datasync = promisify(fs.fdatasync)

/** The journal of the notes in this database. */
export function journalOf(databasePath: string): string {
  return `${databasePath}-notes`
}

/** What a journal beside a database holds, oldest first; nothing where there is none. */
export function readJournal(path: string): Half[] {
  if (!fs.existsSync(path)) return []
  const bytes = fs.readFileSync(path)
  return halves
    .flatMap((half) => decodeHalf(bytes.subarray(half * halfBytes, (half + 1) * halfBytes)) ?? [])
    .sort((a, b) => a.generation - b.generation)
}

/**
 * The file of the journal: two halves of fixed length, written in turns. While one is put away into the database, the other is written.
 * Made with the first record; calls of `write` must not overlap.
 */
export class JournalFile {
  readonly #path: string
  #file: Promise<number> | null = null
  #half: Place = 0
  #at = 0
  #generation: number

  /** @param generation that of the first half to be written: higher than every one before */
  constructor(path: string, generation: number) {
    this.#path = path
    this.#generation = generation
  }

  /** Whether a record of so many bytes goes into the present half. */
  hasRoomFor(bytes: number): boolean {
    return this.#at + bytes <= halfBytes
  }

  /** Resolves when the record is on disk. When it throws, the next one is written in its place. */
  async write(record: Uint8Array): Promise<void> {
    stamp(record, this.#generation)
    await this.#put(record, this.#half * halfBytes + this.#at)
    this.#at += record.length
  }

  /** From now on the other half is written. Returns the generation that ended. */
  turn(): number {
    this.#half = this.#half === 0 ? 1 : 0
    this.#at = 0
    return this.#generation++
  }

  /** Overwrites so many bytes of the half that is not written: what is later erased from the database does not stay here. */
  async blank(bytes: number): Promise<void> {
    await this.#put(new Uint8Array(bytes), (this.#half === 0 ? 1 : 0) * halfBytes)
  }

  /** Closes the file and, when everything in it is put away, removes it. */
  async close({ remove }: { remove: boolean }): Promise<void> {
    const file = this.#file
    this.#file = null
    if (!file) return
    fs.closeSync(await file)
    if (remove) fs.rmSync(this.#path, { force: true })
  }

  async #put(bytes: Uint8Array, at: number): Promise<void> {
    this.#file ??= this.#make()
    const file = await this.#file
    await new Promise<void>((resolve, reject) => {
      fs.write(file, bytes, 0, bytes.length, at, (error, written) => {
        if (error) reject(error)
        else if (written < bytes.length) reject(new Error('the journal could not be written: is the disk full?'))
        else resolve()
      })
    })
    if (!syncs) await datasync(file)
  }

  async #make(): Promise<number> {
    try {
      const file = await open(this.#path, flags, 0o600)
      await this.#lengthen(file).catch((error: unknown) => {
        fs.closeSync(file)
        throw error
      })
      return file
    } catch (error) {
      this.#file = null
      throw error
    }
  }

  /** Room that holds zeros, not room that is only promised: writing into it changes nothing but the bytes. */
  async #lengthen(file: number): Promise<void> {
    if (fs.fstatSync(file).size < 2 * halfBytes) await promisify(fs.writeFile)(file, new Uint8Array(2 * halfBytes))
    await promisify(fs.fsync)(file)
    syncFolder(dirname(this.#path))
  }
}

/** Has the name of a new file on disk. Not on Windows, where folders cannot be opened. */
function syncFolder(path: string): void {
  if (process.platform === 'win32') return
  const folder = fs.openSync(path, 'r')
  fs.fsyncSync(folder)
  fs.closeSync(folder)
}
