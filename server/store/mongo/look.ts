import type { MongoClient } from 'mongodb'
import type { Id } from '#shared/contracts/ids.ts'
import type { Collections, Large } from './collections.ts'
import { inSnapshot, type Moment } from './transaction.ts'

/** The versions of clients and dossiers that are to be seen, as part of a filter. */
export type Seen = { coming: null } | { coming: { $in: (string | null)[] }; going: { $ne: string } }

/**
 * Before a large commit is done, what it brings is not seen; after, what it takes away is not. Marks of one that was given up stand for
 * nothing: they are of another id.
 */
export function seenBeside(large: Large | undefined): Seen {
  return large?.isDone ? { coming: { $in: [null, large.id] }, going: { $ne: large.id } } : { coming: null }
}

/** Is this version of a record seen? The same as `seenBeside`, for one that was read. */
export function isSeenBeside(large: Large | undefined, { coming = null, going }: { coming?: string | null; going?: string }): boolean {
  return large?.isDone ? (coming === null || coming === large.id) && going !== large.id : coming === null
}

/** An office at one moment. */
export interface Look {
  moment: Moment
  number: number
  seen: Seen
}

/** Runs reads of an office, one after the other, that all see the same moment: a large commit whole or not at all. */
export function lookInto<T>(client: MongoClient, { offices }: Collections, office: Id, reads: (look: Look) => Promise<T>): Promise<T> {
  return inSnapshot(client, async (moment) => {
    const found = await offices.findOne({ office }, { hint: 'byId', ...moment })
    return reads({ moment, number: found?.number ?? 0, seen: seenBeside(found?.large) })
  })
}
