import { type Db, MongoWriteConcernError } from 'mongodb'
import { MongoUnfit } from './connect.ts'

/** The format this server reads and writes. */
const known = 1
/** How long a majority of the members may take to confirm a write at the start, in milliseconds. */
const confirmMs = 20_000

/** The data were written by a newer server: nothing was touched. */
export class NewerFormat extends Error {
  override name = 'NewerFormat'
}

/**
 * Marks an empty database with the format, and tries the write concern by doing so. Throws `NewerFormat` for a later one, `MongoUnfit`
 * where no majority confirms the write.
 */
export async function requireFormat(db: Db, { readOnly }: { readOnly: boolean }): Promise<void> {
  const meta = db.collection<{ _id: 'format'; format: number; opened: number }>('meta')
  const format = (await meta.findOne({ _id: 'format' }))?.format ?? known
  if (format > known)
    throw new NewerFormat(`The data have format ${format}, but this server knows formats up to ${known}: start the newer server.`)
  if (readOnly) return
  try {
    // always changes something, or nothing would have to be confirmed
    const mark = { $inc: { opened: 1 }, $setOnInsert: { format: known } }
    await meta.updateOne({ _id: 'format' }, mark, { upsert: true, writeConcern: { w: 'majority', journal: true, wtimeoutMS: confirmMs } })
  } catch (error) {
    if (!(error instanceof MongoWriteConcernError)) throw error
    const fault = `No majority of the replica set confirmed a write within ${confirmMs / 1_000} s: are enough of its members running?`
    throw new MongoUnfit(fault, { cause: error })
  }
}
