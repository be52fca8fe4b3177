import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeAccountIndexes, sharedSecret } from '../auth/account-database.ts'
import { openWholeDatabase, type WholeDatabase } from '../store/mongo/keep.ts'
import { type AllSections, copySections, differing, digestsOf, type Say } from './copy-sections.ts'
import { putSecret, refuseNodes, sectionsOf } from './database-place.ts'
import { openFilling } from './folder-place.ts'
import { asidePrefix, stamp } from './folders.ts'
import { KeepError } from './manifest.ts'
import { nameOf } from './place.ts'

/** Copies what a database holds at one moment into the files of a backup, while nodes go on writing. Throws a `KeepError` where there is nothing. */
export async function copyDatabaseParts(mongodbUri: string, folder: string, say: Say): Promise<void> {
  const whole = await openWholeDatabase(mongodbUri)
  try {
    if ((await whole.unfinished()) !== null) throw new KeepError(`What lies in ${nameOf({ mongodbUri })} is an unfinished copy.`)
    if (await whole.isEmpty()) throw new KeepError(`There is nothing to back up in ${nameOf({ mongodbUri })}.`)
    const files = await openFilling(folder, await sharedSecret(whole.db))
    try {
      await whole.atOneMoment((moment) => copyAll(sectionsOf(whole, moment), files.sections, say))
    } finally {
      files.close()
    }
  } finally {
    await whole.close()
  }
}

async function copyAll(from: AllSections, to: AllSections, say: Say): Promise<void> {
  const read = await copySections(from, to, say)
  const whole = Object.entries(read).flatMap(([name, digest]) => (digest ? [[name, digest] as const] : []))
  say('comparing both')
  const wrong = differing(Object.fromEntries(whole), await digestsOf(to))
  if (wrong.length > 0 || whole.length < Object.keys(from).length) throw new Error(`it was not copied as it is: ${wrong.join(', ')}`)
}

interface IntoDatabase {
  mongodbUri: string
  replace: boolean
  say: Say
  now: () => number
}

/**
 * Puts an unpacked backup into a database that no node has open; `unpack` fills an empty folder with its files. What a restore left that was
 * broken off is removed. Returns what the names of the collections begin with that were there before, or null.
 */
export async function restoreIntoDatabase(options: IntoDatabase, unpack: (staging: string) => Promise<void>): Promise<string | null> {
  const { mongodbUri, replace, say, now } = options
  const whole = await openWholeDatabase(mongodbUri)
  const staging = await mkdtemp(join(tmpdir(), 'codossier-restore-'))
  try {
    await refuseNodes(whole, mongodbUri)
    const unfinished = await whole.unfinished()
    if (unfinished !== null && unfinished !== mark) throw new KeepError(`${nameOf({ mongodbUri })} holds an unfinished copy of a store.`)
    const isFull = unfinished === null && !(await whole.isEmpty())
    if (isFull && !replace) throw new KeepError(`${nameOf({ mongodbUri })} holds data already. ${withReplace}`)
    await unpack(staging)
    const aside = isFull ? `${asidePrefix}${stamp(now())}` : null
    await put(whole, staging, aside, say)
    return aside
  } finally {
    await whole.close()
    await rm(staging, { recursive: true, force: true })
  }
}

const withReplace = 'With --replace its collections are kept under other names, in the same database.'

/** How a restore marks what it has not finished. */
const mark = 'a backup'

async function put(whole: WholeDatabase, staging: string, aside: string | null, say: Say): Promise<void> {
  // brings it to the newest format as well
  const files = await openFilling(staging, '')
  try {
    if (aside) await whole.moveAside(aside, mark)
    else await whole.clear()
    await whole.begin(mark)
    await makeAccountIndexes(whole.db)
    await putSecret(whole, files.secret)
    await copyAll(files.sections, sectionsOf(whole), say)
    await whole.finish()
  } finally {
    files.close()
  }
}
