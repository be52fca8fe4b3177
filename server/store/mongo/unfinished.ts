import type { Db } from 'mongodb'

/** A copy into the database is not finished: no node may take what is there for all of it. */
export class UnfinishedCopy extends Error {
  override name = 'UnfinishedCopy'
}

/** The mark of a copy that is under way, or was broken off. */
export function marksIn(db: Db) {
  const meta = db.collection<{ _id: 'copy'; of: string }>('meta')
  return {
    /** Of what it is a copy; null: there is no mark. */
    read: async (): Promise<string | null> => (await meta.findOne({ _id: 'copy' }))?.of ?? null,
    async put(of: string): Promise<void> {
      await meta.updateOne({ _id: 'copy' }, { $set: { of } }, { upsert: true })
    },
    async remove(): Promise<void> {
      await meta.deleteOne({ _id: 'copy' })
    },
  }
}

/** Throws `UnfinishedCopy` where there is a mark. */
export async function refuseUnfinished(db: Db): Promise<void> {
  if ((await marksIn(db).read()) === null) return
  const what = `What lies in the database ${db.databaseName} is a copy or a restore that is not finished`
  throw new UnfinishedCopy(`${what}: run it again, with the same source, until it is.`)
}
