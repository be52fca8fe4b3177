import type { MongoClient } from 'mongodb'
import type { Id } from '#shared/contracts/ids.ts'
import type { Upload, UploadPart } from '../store.ts'
import type { Collections, UploadDoc } from './collections.ts'
import { owned } from './notes.ts'
import { inTransaction, isUniqueViolation } from './transaction.ts'

/** Files on their way in. */
export function uploadTable(client: MongoClient, { uploads, uploadParts }: Collections) {
  const byId = { hint: 'byId' } as const
  const byPart = { hint: 'byPart' } as const

  /** False: it is there already. */
  async function add(document: UploadDoc): Promise<boolean> {
    try {
      await uploads.insertOne(document)
      return true
    } catch (error) {
      if (isUniqueViolation(error)) return false
      throw error
    }
  }
  /**
   * In one transaction, as putting a part: a part whose file is not known any more would be found by nobody. The file is written to first
   * in either, so that the two never pass each other.
   */
  async function drop(office: Id, id: Id, revision?: number): Promise<void> {
    await inTransaction(client, async (session) => {
      const standing = revision === undefined ? {} : { revision }
      const { deletedCount } = await uploads.deleteOne({ office, id, ...standing }, { ...byId, session })
      if (deletedCount > 0) await uploadParts.deleteMany({ office, upload: id }, { ...byPart, session })
    })
  }
  return {
    async put(office: Id, { id, memberId: member, revision, at, doc }: Upload): Promise<boolean> {
      if (revision === 1) return add({ office, id, member, revision, at, doc })
      const { matchedCount } = await uploads.updateOne({ office, id, revision: revision - 1 }, { $set: { revision, at, doc } }, byId)
      return matchedCount > 0
    },
    async get(office: Id, id: Id): Promise<Upload | null> {
      const found = await uploads.findOne({ office, id }, byId)
      return found && uploadOf(found)
    },
    all: async (office: Id): Promise<Upload[]> => (await uploads.find({ office }, { ...byId, sort: { id: 1 } }).toArray()).map(uploadOf),
    async putPart(office: Id, upload: Id, { blob, part, bytes }: UploadPart): Promise<boolean> {
      return inTransaction(client, async (session) => {
        const { matchedCount } = await uploads.updateOne({ office, id: upload }, { $inc: { puts: 1 } }, { ...byId, session })
        if (matchedCount === 0) return false
        await uploadParts.updateOne({ office, upload, blob, part }, { $set: { bytes } }, { ...byPart, upsert: true, session })
        return true
      })
    },
    async part(office: Id, upload: Id, blob: Id, part: number): Promise<Uint8Array | null> {
      const found = await uploadParts.findOne({ office, upload, blob, part }, byPart)
      return found && owned(found.bytes)
    },
    async dropBlob(office: Id, upload: Id, blob: Id): Promise<void> {
      await uploadParts.deleteMany({ office, upload, blob }, byPart)
    },
    drop,
    async revisions(): Promise<{ officeId: Id; id: Id; revision: number }[]> {
      const all = uploads.find({ office: { $gt: '' } }, { ...byId, projection: { office: 1, id: 1, revision: 1 } })
      return (await all.toArray()).map(({ office: officeId, id, revision }) => ({ officeId, id, revision }))
    },
  }
}

function uploadOf({ id, member: memberId, revision, at, doc }: UploadDoc): Upload {
  return { id, memberId, revision, at, doc }
}
