import type { ClientSession } from 'mongodb'
import type { Id } from '#shared/contracts/ids.ts'
import { fenceOf, fencesOf } from '../fence.ts'
import type { Collections } from './collections.ts'
import { Raced, unlessThere } from './transaction.ts'

/** What a note stands behind: a document that appends and withdrawals both write. */
export interface Fence {
  office: Id
  fence: number
}

/** Counts, per fence, how often access to one of its notes changed. */
export function fenceTable({ fences }: Collections) {
  async function count(which: readonly Fence[], counter: 'value' | 'appends', session: ClientSession): Promise<void> {
    const other = counter === 'value' ? 'appends' : 'value'
    const writes = which.map(({ office, fence }) => ({
      updateOne: {
        filter: { office, fence },
        update: { $inc: { [counter]: 1 }, $setOnInsert: { [other]: 0 } },
        upsert: true,
        hint: 'byFence',
      },
    }))
    // whoever raises or passes a fence first makes it
    await unlessThere(fences.bulkWrite(writes, { session }), () => new Raced())
  }

  return {
    value: async (office: Id, note: Id): Promise<number> =>
      (await fences.findOne({ office, fence: fenceOf(note) }, { hint: 'byFence' }))?.value ?? 0,
    /** The values of these fences that were ever raised or passed. */
    read: (which: readonly Fence[], session: ClientSession) =>
      fences
        .find(
          {
            office: { $in: [...new Set(which.map(({ office }) => office))] },
            fence: { $in: [...new Set(which.map(({ fence }) => fence))] },
          },
          { hint: 'byFence', session },
        )
        .toArray(),
    raise: (office: Id, notes: readonly Id[] | 'all', session: ClientSession): Promise<void> =>
      count(
        fencesOf(notes).map((fence) => ({ office, fence })),
        'value',
        session,
      ),
    /** Something is appended behind these: a withdrawal at the same time is seen by one of the two. */
    pass: (which: readonly Fence[], session: ClientSession): Promise<void> => count(which, 'appends', session),
  }
}
