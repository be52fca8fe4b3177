import type { Collection, Db, MongoClient } from 'mongodb'
import type { Sections } from '../contents.ts'
import { collectionsOf, indexes, makeIndexes } from './collections.ts'
import { connect, nodeName } from './connect.ts'
import { contentsOf } from './contents.ts'
import { requireFormat } from './format.ts'
import { inSnapshot, isSnapshotGone, type Moment } from './transaction.ts'
import { marksIn } from './unfinished.ts'

/** Collections of the account library, which lie in the same database. */
const accountCollections = ['user', 'account', 'session', 'verification']
const dataCollections = [...Object.keys(indexes), ...accountCollections]

/** Reading took longer than the server keeps its past; the message says what to do. */
export class SnapshotTooOld extends Error {
  override name = 'SnapshotTooOld'
}

/** A database that is read or written as a whole, not by a node. */
export interface WholeDatabase {
  db: Db
  contents(moment?: Moment): Sections
  /** Runs reads that all see one moment of it, while nodes go on writing. Throws `SnapshotTooOld`. */
  atOneMoment<T>(reads: (moment: Moment) => Promise<T>): Promise<T>
  /** From which addresses nodes have it open. */
  nodes(): Promise<string[]>
  /** Is there nothing of any office or account in it? */
  isEmpty(): Promise<boolean>
  /** Of what an unfinished copy lies in it; null: there is none. */
  unfinished(): Promise<string | null>
  /** From here on no node opens it, until `finish`. Makes the collections and indexes that are missing. */
  begin(of: string): Promise<void>
  finish(): Promise<void>
  /** Removes all of it but the mark of a copy. */
  clear(): Promise<void>
  /** Gives all that is in it names that begin with this, in the same database, before a copy begins. */
  moveAside(prefix: string, of: string): Promise<void>
  close(): Promise<void>
}

/** Connects as no node does; throws what opening the store throws. */
export async function openWholeDatabase(uri: string): Promise<WholeDatabase> {
  const client = await connect(uri, { appName: `${nodeName} copy` })
  try {
    await requireFormat(client.db(), { readOnly: true })
    return wholeOf(client)
  } catch (error) {
    await client.close()
    throw error
  }
}

function wholeOf(client: MongoClient): WholeDatabase {
  const db = client.db()
  const collections = collectionsOf(db)
  const marks = marksIn(db)
  return {
    db,
    contents: (moment) => contentsOf(collections, moment),
    async atOneMoment(reads) {
      try {
        return await inSnapshot(client, reads, { most: 0 })
      } catch (error) {
        if (isSnapshotGone(error)) throw new SnapshotTooOld(tooOld, { cause: error })
        throw error
      }
    },
    nodes: () => nodesOn(client),
    async isEmpty() {
      const found = await Promise.all(dataCollections.map((name) => db.collection(name).findOne(anything, byKey)))
      return found.every((document) => document === null)
    },
    unfinished: marks.read,
    async begin(of) {
      await marks.put(of)
      await requireFormat(db, { readOnly: false })
      await makeIndexes(db)
    },
    finish: marks.remove,
    async clear() {
      for (const name of dataCollections) await db.collection(name).deleteMany(anything, byKey)
    },
    async moveAside(prefix, of) {
      await marks.put(of)
      await moveAside(db, prefix)
    },
    close: () => client.close(),
  }
}

/** Found by the one index that every collection has. */
const anything = { _id: { $exists: true } }
const byKey = { hint: '_id_' } as const

const tooOld =
  'It took longer than the servers keep their past (300 s unless set otherwise): set minSnapshotHistoryWindowInSeconds higher on each member.'

/** A node keeps a change stream open on its database. Between two looks of the stream it may not show, so there are several. */
async function nodesOn(client: MongoClient): Promise<string[]> {
  const found = new Set<string>()
  const database = client.db().databaseName
  for (let look = 0; look < 5; look++) {
    const stages = [
      // of this user alone: to see others' takes a right that not everyone has
      { $currentOp: { allUsers: false, idleCursors: true } },
      { $match: { appName: nodeName, ns: { $in: [`${database}.$cmd`, `${database}.$cmd.aggregate`] } } },
      { $project: { client: 1 } },
    ]
    const open = client.db('admin').aggregate<{ client?: string }>(stages, { readConcern: { level: 'local' } })
    for (const { client: address } of await open.toArray()) found.add(address?.replace(/:\d+$/, '') ?? 'unknown')
  }
  return [...found]
}

/** Renames every collection, and puts what was said about them beside them. */
async function moveAside(db: Db, prefix: string): Promise<void> {
  const there = new Set((await db.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name))
  for (const name of dataCollections) if (there.has(name)) await db.collection(name).rename(`${prefix}.${name}`)
  const meta: Collection<{ _id: string }> = db.collection('meta')
  const said = await meta.find({ _id: { $in: ['format', 'secret'] } }).toArray()
  if (said.length === 0) return
  await db.collection<{ _id: string }>(`${prefix}.meta`).insertMany(said)
  await meta.deleteMany({ _id: { $in: said.map(({ _id }) => _id) } })
}
