import type { ClientSession, Collection, Filter, OptionalUnlessRequiredId } from 'mongodb'
import type { Id } from '#shared/contracts/ids.ts'
import { inSlices } from './slices.ts'

interface Version {
  office: Id
  id: Id
  coming?: string | null
  going?: string
}

/** A write of a large commit before it is done: nobody sees it, and it is confirmed by a majority together with what ends the commit. */
const unseen = { writeConcern: { w: 1 } } as const

/**
 * Records of a kind of which there are many. A record has one document; beside a large commit there may be two: the one that is going,
 * and the one that is coming.
 */
export function versionsIn<D extends Version>(collection: Collection<D>) {
  const filter = (wanted: object) => wanted as Filter<D>
  const settled = (office: Id, ids: readonly Id[]) => filter({ office, id: { $in: [...ids] }, coming: null })
  const byId = { hint: 'byId' } as const

  return {
    /** Puts documents in the place of those of their ids, as part of a transaction. */
    async put(documents: readonly D[], session: ClientSession): Promise<void> {
      const writes = documents.map((replacement) => {
        const { office, id } = replacement
        return { replaceOne: { filter: filter({ office, id, coming: null }), replacement, upsert: true, hint: 'byId' } }
      })
      await collection.bulkWrite(writes as Parameters<typeof collection.bulkWrite>[0], { session })
    },
    async drop(office: Id, ids: readonly Id[], session: ClientSession): Promise<void> {
      await collection.deleteMany(settled(office, ids), { ...byId, session })
    },
    /** A large commit will take these away. */
    async mark(office: Id, ids: readonly Id[], large: string): Promise<void> {
      await collection.updateMany(settled(office, ids), { $set: { going: large } } as never, { ...byId, ...unseen })
    },
    /** A large commit will bring these. */
    async bring(documents: readonly D[], large: string): Promise<void> {
      const coming = documents.map((document) => ({ ...document, coming: large })) as OptionalUnlessRequiredId<D>[]
      await collection.insertMany(coming, { ordered: false, ...unseen })
    },
    /** Of those that a large commit takes away, the ones that it does not bring again. */
    async gone(office: Id, large: string): Promise<Id[]> {
      const idsOf = async (wanted: object) =>
        (await collection.find(filter({ office, ...wanted }), { ...byId, projection: { id: 1 } }).toArray()).map(({ id }) => id)
      const going = await idsOf({ going: large })
      const again = new Set(await inSlices(going, (slice) => idsOf({ id: { $in: slice }, coming: large })))
      return going.filter((id) => !again.has(id))
    },
    /** After a large commit: what it takes away is removed, what it brings is like any other. May be done again, and by anybody. */
    async settle(office: Id, large: string): Promise<void> {
      await collection.deleteMany(filter({ office, going: large }), byId)
      await collection.updateMany(filter({ office, coming: large }), { $unset: { coming: 1 } } as never, byId)
    },
    /** What a large commit that was given up has left. */
    async clear(office: Id, large: string): Promise<void> {
      await collection.deleteMany(filter({ office, coming: large }), byId)
      await collection.updateMany(filter({ office, going: large }), { $unset: { going: 1 } } as never, byId)
    },
  }
}

/** The one document that can be meant: there is no other version of it, and no large commit beside it. */
export function onlyOne<D extends Version>(found: readonly D[]): D | null {
  const [first] = found
  return first && found.length === 1 && !first.coming && !first.going ? first : null
}
