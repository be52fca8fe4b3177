import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { accountsInFile } from '../auth/account-contents.ts'
import { openAccounts } from '../auth/accounts.ts'
import { contentsOf } from '../store/sqlite/contents.ts'
import { openDatabase } from '../store/sqlite/database.ts'
import { journalOf, readJournal } from '../store/sqlite/journal-file.ts'
import { DataDirInUse, lockDataDir } from '../store/sqlite/lock.ts'
import { migrate, requireFormat } from '../store/sqlite/migrate.ts'
import { putJournalAway } from '../store/sqlite/note-logs.ts'
import type { AllSections } from './copy-sections.ts'
import { dataIn, syncFile, syncFolder } from './folders.ts'
import { KeepError, partNames } from './manifest.ts'
import { type Source, type Target, type TargetOptions } from './place.ts'

/** An unfinished copy lies in this folder below the data folder. */
const unfinishedName = 'copy-unfinished'

/** Opens a data folder that no server runs on. Throws a `KeepError` where one does, or there is nothing in it. */
export async function openFolderSource(dataDir: string): Promise<Source> {
  if (!existsSync(join(dataDir, 'office.db'))) throw new KeepError(`There is no store in ${dataDir}.`)
  const unlock = lock(dataDir)
  try {
    await makeAccounts(dataDir)
    putAwayJournal(join(dataDir, 'office.db'))
    const opened = openFolder(dataDir, { readOnly: true })
    const secret = (await readFile(join(dataDir, 'secret'), 'utf8')).trim()
    const close = async () => {
      opened.close()
      unlock()
    }
    return { secret, sections: opened.sections, isStill: true, close }
  } catch (error) {
    unlock()
    throw error
  }
}

/** Begins or goes on with a copy into a folder. Throws a `KeepError` where anything else lies in it, or a server runs on it. */
export async function openFolderTarget(dataDir: string, { secret, anew }: TargetOptions): Promise<Target> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  const unlock = lock(dataDir)
  try {
    const folder = join(dataDir, unfinishedName)
    await refuseFull(dataDir)
    if (anew) await rm(folder, { recursive: true, force: true })
    const isBegun = await isBegunIn(folder, secret)
    const opened = await openFilling(folder, secret)
    let isOpen = true
    const closeFiles = () => {
      if (isOpen) opened.close()
      isOpen = false
    }
    return {
      isBegun,
      sections: opened.sections,
      async finish() {
        closeFiles()
        for (const name of partNames) await syncFile(join(folder, name))
        // without its office a folder counts as new: so that comes last
        for (const name of ['secret', 'accounts.db', 'office.db']) await rename(join(folder, name), join(dataDir, name))
        await syncFolder(dataDir)
        await rm(folder, { recursive: true, force: true })
      },
      async close() {
        closeFiles()
        unlock()
      },
    }
  } catch (error) {
    unlock()
    throw error
  }
}

/**
 * A store with its accounts in a folder that is nobody else's, brought to the newest format, and made where it is not there: with this
 * secret. Closing leaves everything in its files.
 */
export async function openFilling(folder: string, secret: string): Promise<{ sections: AllSections; secret: string; close(): void }> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const file = join(folder, 'secret')
  if (!existsSync(file)) await writeFile(file, secret, { mode: 0o600 })
  await makeAccounts(folder)
  return { ...openFolder(folder, { readOnly: false }), secret: (await readFile(file, 'utf8')).trim() }
}

function openFolder(folder: string, { readOnly }: { readOnly: boolean }): { sections: AllSections; close(): void } {
  const office = openDatabase(join(folder, 'office.db'), { readOnly })
  try {
    if (readOnly) requireFormat(office)
    else migrate(office, { dataDir: folder, now: Date.now })
    // what the power takes away is copied once more
    if (!readOnly) office.exec('PRAGMA synchronous = NORMAL')
    const accounts = accountsInFile(join(folder, 'accounts.db'), { readOnly })
    const close = () => {
      accounts.close()
      office.close()
    }
    return { sections: { ...accounts.sections, ...contentsOf(office) } as AllSections, close }
  } catch (error) {
    office.close()
    throw error
  }
}

/** What a server that was killed had stored of notes last goes where the next one would have put it. */
function putAwayJournal(path: string): void {
  const office = openDatabase(path, { readOnly: false })
  try {
    requireFormat(office)
    putJournalAway(office, readJournal(journalOf(path)))
  } finally {
    office.close()
  }
}

/** The account library makes the tables that are missing; before the first start of a server there are none. */
async function makeAccounts(dataDir: string): Promise<void> {
  const accounts = await openAccounts({ dataDir, publicOrigin: null, isAllowedOrigin: () => false })
  await accounts.close()
}

function lock(dataDir: string): () => void {
  try {
    return lockDataDir(dataDir)
  } catch (error) {
    if (error instanceof DataDirInUse) throw new KeepError(`A server is running on ${dataDir}, or another copy: stop it first.`)
    throw error
  }
}

async function refuseFull(dataDir: string): Promise<void> {
  const others = (await dataIn(dataDir)).filter((name) => name !== unfinishedName)
  if (others.length > 0) throw new KeepError(`${dataDir} holds data already: name a folder that is empty, or not there yet.`)
}

async function isBegunIn(folder: string, secret: string): Promise<boolean> {
  const file = join(folder, 'secret')
  if (!existsSync(file)) return false
  if ((await readFile(file, 'utf8')).trim() === secret) return true
  throw new KeepError(`${folder} is an unfinished copy of another store: --anew throws it away, and begins from the first.`)
}
