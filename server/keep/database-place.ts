import { createHash } from 'node:crypto'
import { accountsInDatabase } from '../auth/account-collections.ts'
import { makeAccountIndexes, sharedSecret } from '../auth/account-database.ts'
import { openWholeDatabase, type WholeDatabase } from '../store/mongo/keep.ts'
import type { AllSections } from './copy-sections.ts'
import { KeepError } from './manifest.ts'
import { nameOf, type Source, type Target, type TargetOptions } from './place.ts'

/** All that is copied of a database, as it is now; `moment`: as it was at one moment. */
export function sectionsOf(whole: WholeDatabase, moment?: Parameters<WholeDatabase['contents']>[0]): AllSections {
  return { ...accountsInDatabase(whole.db, moment), ...whole.contents(moment) } as AllSections
}

/** Opens a database that no node has open. Throws a `KeepError` where one has, or there is nothing in it. */
export async function openDatabaseSource(mongodbUri: string): Promise<Source> {
  const whole = await openWholeDatabase(mongodbUri)
  try {
    if ((await whole.unfinished()) !== null) throw new KeepError(`What lies in ${nameOf({ mongodbUri })} is an unfinished copy itself.`)
    if (await whole.isEmpty()) throw new KeepError(`There is no store in ${nameOf({ mongodbUri })}.`)
    await refuseNodes(whole, mongodbUri)
    return { secret: await sharedSecret(whole.db), sections: sectionsOf(whole), isStill: false, close: whole.close }
  } catch (error) {
    await whole.close()
    throw error
  }
}

/** Begins or goes on with a copy into a database. Throws a `KeepError` where anything else lies in it, or a node has it open. */
export async function openDatabaseTarget(mongodbUri: string, { secret, anew }: TargetOptions): Promise<Target> {
  const whole = await openWholeDatabase(mongodbUri)
  const of = createHash('sha256').update(secret).digest('hex')
  try {
    await refuseNodes(whole, mongodbUri)
    const unfinished = await whole.unfinished()
    if (unfinished === null) await refuseFull(whole, mongodbUri)
    else if (anew) await whole.clear()
    else if (unfinished !== of) throw otherCopy(mongodbUri)
    await whole.begin(of)
    await makeAccountIndexes(whole.db)
    await putSecret(whole, secret)
    return { isBegun: unfinished === of && !anew, sections: sectionsOf(whole), finish: whole.finish, close: whole.close }
  } catch (error) {
    await whole.close()
    throw error
  }
}

/** Throws a `KeepError` where nodes have the database open. */
export async function refuseNodes(whole: WholeDatabase, mongodbUri: string): Promise<void> {
  const nodes = await whole.nodes()
  if (nodes.length > 0) throw new KeepError(`A server runs on ${nameOf({ mongodbUri })} (from ${nodes.join(', ')}): stop it first.`)
}

async function refuseFull(whole: WholeDatabase, mongodbUri: string): Promise<void> {
  if (await whole.isEmpty()) return
  throw new KeepError(`${nameOf({ mongodbUri })} holds data already: name a database that is empty, or not there yet.`)
}

function otherCopy(mongodbUri: string): KeepError {
  return new KeepError(
    `${nameOf({ mongodbUri })} holds an unfinished copy of another store: --anew throws it away, and begins from the first.`,
  )
}

/** Makes this the secret of all nodes; one that a node made at an earlier start, without any data, gives way. */
export async function putSecret({ db }: WholeDatabase, secret: string): Promise<void> {
  if ((await sharedSecret(db, secret)) === secret) return
  await db.collection<{ _id: string; value: string }>('meta').updateOne({ _id: 'secret' }, { $set: { value: secret } })
}
