import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, describe, expect, it } from 'vitest'
import { createLog, type Log } from '../../server/log.ts'
import { ana, bo, noteA, noteB, TestOffice } from './office.ts'
import type { TestSession } from './tab.ts'

const isSaved = ({ state, hasUnsaved }: TestSession['status']) => state === 'saved' && !hasUnsaved

/** A disk of 24 MB of its own; null where none may be mounted here. */
function smallDisk(): string | null {
  const place = mkdtempSync(join(tmpdir(), 'codossier-disk-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', place], { stdio: 'ignore' })
    return place
  } catch {
    rmdirSync(place)
    return null
  }
}

const disk = smallDisk()
if (!disk) console.log('skipped: a full disk (to run it: as root on Linux, where a tmpfs can be mounted)')
afterAll(() => {
  if (!disk) return
  execFileSync('umount', [disk])
  rmdirSync(disk)
})

/** Takes all that is free on the disk. */
function fill(file: string): void {
  for (let bytes = 1024 * 1024; bytes >= 1024; bytes /= 4) {
    try {
      for (;;) writeFileSync(file, new Uint8Array(bytes), { flag: 'a' })
    } catch {
      // less than that is free
    }
  }
}

describe.skipIf(!disk)('a full disk', () => {
  it('L3 nothing is called saved or sent on; when there is room again everything is stored without anybody’s help', async () => {
    const failed = Promise.withResolvers<void>()
    const log: Log = Object.assign(createLog('silent'), {
      error: (_fields: object, said: string) => said.includes('stored') && failed.resolve(),
    })
    const office = await TestOffice.start({ log }, disk!)
    const [a, b] = [office.tab(ana).session(noteA), office.tab(bo).session(noteA)]
    try {
      await Promise.all([a.untilStatus(isSaved), b.untilStatus(isSaved)])
      const filler = join(disk!, 'filler')
      fill(filler)
      expect(statfsSync(disk!).bavail).toBe(0)
      // into what the log has room for already, and then beyond it
      let isFull = false
      void failed.promise.then(() => (isFull = true))
      let words = 0
      while (!isFull) {
        a.type(`${++words}`.padEnd(100 * 1024, '.'))
        await Promise.race([failed.promise, a.untilStatus(isSaved)])
      }
      await a.untilStatus(({ hasUnsaved }) => hasUnsaved)
      expect(b.text).not.toContain(`>${words}.`)

      rmSync(filler)
      await a.untilStatus(isSaved)
      await b.until(() => b.text?.includes(`>${words}.`) ?? false)
      expect(await office.storedText(noteA)).toBe(a.text)
      expect(b.text).toBe(a.text)
    } finally {
      await office.close()
    }
  })
})

/** A disk of its own that can be made to stand still; null where none may be mounted here. */
function stillDisk(): { place: string; stop: () => void; goOn: () => void; remove: () => void } | null {
  const folder = mkdtempSync(join(tmpdir(), 'codossier-still-'))
  const run = (command: string, ...args: string[]) => execFileSync(command, args, { stdio: 'ignore' })
  try {
    const [image, place] = [join(folder, 'image'), join(folder, 'disk')]
    writeFileSync(image, new Uint8Array(64 * 1024 * 1024))
    mkdirSync(place)
    run('mkfs.ext4', '-q', image)
    run('mount', '-o', 'loop', image, place)
    const remove = () => {
      run('umount', place)
      rmSync(folder, { recursive: true })
    }
    return { place, stop: () => run('fsfreeze', '-f', place), goOn: () => run('fsfreeze', '-u', place), remove }
  } catch {
    rmSync(folder, { recursive: true })
    return null
  }
}

const still = stillDisk()
if (!still) console.log('skipped: a disk that stands still (to run it: as root on Linux, where a file can be mounted as a disk)')
afterAll(() => still?.remove())

describe.skipIf(!still)('a disk that stands still', () => {
  it('L3 shows what is not saved as not saved, to nobody else, reads on, and saves when it goes on', async () => {
    const office = await TestOffice.start({}, still!.place)
    const [a, b, other] = [office.tab(ana).session(noteA), office.tab(bo).session(noteA), office.tab(bo).session(noteB)]
    try {
      await Promise.all([a, b, other].map((session) => session.untilStatus(isSaved)))
      other.type('before')
      await other.untilStatus(({ savedAt }) => savedAt !== null)
      still!.stop()
      try {
        a.type('held up')
        await a.untilStatus(({ state, hasUnsaved }) => state === 'unsaved' && hasUnsaved)
        // the server's own thread reads on
        expect(await office.storedText(noteB)).toBe('<paragraph>before</paragraph>')
        expect(await office.storedText(noteA)).toBe('')
        expect(a.status.hasUnsaved).toBe(true)
        expect(b.text).toBe('')
      } finally {
        still!.goOn()
      }
      await a.untilStatus(isSaved)
      await b.until(() => b.text?.includes('held up') ?? false)
    } finally {
      await office.close()
    }
  })
})

describe('a database that somebody else holds up', () => {
  it('L3 words are stored and seen all the same, and in it when it goes on', async () => {
    const office = await TestOffice.start()
    const [a, b] = [office.tab(ana).session(noteA), office.tab(bo).session(noteA)]
    try {
      await Promise.all([a.untilStatus(isSaved), b.untilStatus(isSaved)])
      const holder = new DatabaseSync(office.databasePath)
      holder.exec('BEGIN IMMEDIATE')
      a.type('meanwhile')
      await a.untilStatus(({ savedAt, hasUnsaved }) => savedAt !== null && !hasUnsaved)
      await b.until(() => b.text?.includes('meanwhile') ?? false)
      const inDatabase = holder.prepare('SELECT count(*) AS count FROM note_log')
      expect(inDatabase.get()).toEqual({ count: 0 })
      expect(await office.storedText(noteA)).toBe(a.text)
      holder.exec('ROLLBACK')
      await office.gate.port.compactNote('office00000000001', noteB, 1, { seq: 1, bytes: new Uint8Array(), vector: new Uint8Array() })
      expect(inDatabase.get()).toEqual({ count: 1 })
      holder.close()
    } finally {
      await office.close()
    }
  })
})
