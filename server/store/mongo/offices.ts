import type { ClientSession, WithId } from 'mongodb'
import type { Id } from '#shared/contracts/ids.ts'
import type { Commit } from '../store.ts'
import type { Collections, Large, OfficeDoc } from './collections.ts'
import { unlessThere } from './transaction.ts'

/** Ends a commit: the office's number is another. Never leaves the store. */
export class Moved extends Error {
  override name = 'Moved'
}

/** A commit has to wait for a large one of the same office. Never leaves the store. */
export class Busy extends Error {
  override name = 'Busy'
  readonly large: Large
  constructor(large: Large) {
    super('a large commit is under way')
    this.large = large
  }
}

type Numbers = Pick<Commit, 'officeId' | 'expect' | 'events'>

/** The offices, the number of each one's last event, and the large commit that is under way. */
export function officeTable({ offices }: Collections) {
  /** Changes an office that stands at this number and has no large commit under way; makes one that expects 0. Else throws `Moved` or `Busy`. */
  async function change(office: Id, number: number, $set: Partial<OfficeDoc>, session?: ClientSession): Promise<void> {
    const free = { office, number, large: { $exists: false } } as const
    // the count: two commits of an office, with or without events, never pass each other
    const write = offices.updateOne(
      free,
      { $set, $inc: { commits: 1 }, $setOnInsert: { _id: office } },
      { hint: 'byId', upsert: number === 0, session },
    )
    const done = await unlessThere(write, () => new Moved())
    if (done.matchedCount + done.upsertedCount > 0) return
    throw whyNot(await offices.findOne({ office }, { hint: 'byId', session }), number)
  }

  return {
    async ids(): Promise<Id[]> {
      const all = offices.find({ number: { $gt: 0 } }, { hint: 'byId', sort: { office: 1 }, projection: { office: 1 } })
      return (await all.toArray()).map(({ office }) => office)
    },
    number: async (office: Id): Promise<number> => (await offices.findOne({ office }, { hint: 'byId' }))?.number ?? 0,
    large: async (office: Id): Promise<Large | null> => (await offices.findOne({ office }, { hint: 'byId' }))?.large ?? null,
    /** Takes the next numbers for a commit; throws `Moved` or `Busy`. */
    take: ({ officeId, expect, events }: Numbers, session: ClientSession): Promise<void> =>
      change(officeId, expect, { number: expect + events.length }, session),
    /** Keeps all other commits of the office waiting for a large one; throws `Moved` or `Busy`. */
    begin: ({ officeId, expect }: Numbers, id: string): Promise<void> =>
      change(officeId, expect, { large: { id, isDone: false, beat: 0 } }),
    /** Is alive. False where somebody else has given the large commit up. */
    async beat(office: Id, id: string): Promise<boolean> {
      const own = { office, 'large.id': id }
      return (await offices.updateOne(own, { $inc: { 'large.beat': 1 } }, { hint: 'byId' })).matchedCount > 0
    },
    /** Takes the next numbers for a large commit, after which all of it is seen; throws `Moved` where it was given up. */
    async finish({ officeId: office, expect, events }: Numbers, id: string, session: ClientSession): Promise<void> {
      const own = { office, number: expect, 'large.id': id, 'large.isDone': false }
      const $set = { number: expect + events.length, 'large.isDone': true }
      const done = await offices.updateOne(own, { $set, $inc: { commits: 1 } }, { hint: 'byId', session })
      if (done.matchedCount === 0) throw new Moved()
    },
    /** Lets other commits go on. False where somebody else did; `isDone`: only where it is, or is not. */
    async end(office: Id, id: string, isDone: boolean): Promise<boolean> {
      const own = { office, 'large.id': id, 'large.isDone': isDone }
      return (await offices.updateOne(own, { $unset: { large: 1 } }, { hint: 'byId' })).matchedCount > 0
    },
  }
}

function whyNot(found: WithId<OfficeDoc> | null, expected: number): Moved | Busy {
  return found?.large && found.number === expected ? new Busy(found.large) : new Moved()
}
