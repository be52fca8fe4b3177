import type { Id, Instant } from '#shared/contracts/ids.ts'
import type { Upload, UploadPart } from '../store.ts'
import type { Collections, UploadDoc } from './collections.ts'
import { owned } from './notes.ts'
import { isUniqueViolation } from './transaction.ts'

/** Files on their way in. */
export function uploadTable({ uploads, uploadParts }: Collections) {
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
  async function isKept(office: Id, id: Id): Promise<boolean> {
    return (await uploads.findOne({ office, id }, { ...byId, projection: { id: 1 } })) !== null
  }
  /** First what is known of it: from then on no part of it is put, or it is taken away again. */
  async function drop(office: Id, id: Id, before?: Instant): Promise<boolean> {
    const { deletedCount } = await uploads.deleteOne({ office, id, ...(before !== undefined && { at: { $lt: before } }) }, byId)
    if (deletedCount === 0 && before !== undefined) return false
    await uploadParts.deleteMany({ office, upload: id }, byPart)
    return true
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
      await uploadParts.updateOne({ office, upload, blob, part }, { $set: { bytes } }, { ...byPart, upsert: true })
      if (await isKept(office, upload)) return true
      await uploadParts.deleteMany({ office, upload }, byPart)
      return false
    },
    async part(office: Id, upload: Id, blob: Id, part: number): Promise<Uint8Array | null> {
      const found = await uploadParts.findOne({ office, upload, blob, part }, byPart)
      return found && owned(found.bytes)
    },
    async dropBlob(office: Id, upload: Id, blob: Id): Promise<void> {
      await uploadParts.deleteMany({ office, upload, blob }, byPart)
    },
    drop: async (office: Id, id: Id): Promise<void> => void (await drop(office, id)),
    async forget(before: Instant): Promise<number> {
      const old = await uploads.find({ at: { $lt: before } }, { hint: 'byAge', projection: { office: 1, id: 1 } }).toArray()
      const dropped = await Promise.all(old.map(({ office, id }) => drop(office, id, before)))
      return dropped.filter(Boolean).length
    },
  }
}

function uploadOf({ id, member: memberId, revision, at, doc }: UploadDoc): Upload {
  return { id, memberId, revision, at, doc }
}
