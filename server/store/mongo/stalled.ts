import type { Document, MongoClient, UUID } from 'mongodb'
import { nodeName } from './connect.ts'

/** A node that is alive asks the next thing within milliseconds; after so long it was killed, or stands still. In milliseconds. */
const stalledMs = 3_000

/**
 * Ends the transactions that a node has begun and not gone on with: whoever is killed in one would else hold what it wrote until the server
 * gives it up by itself (60 s). A node that only stood still loses nothing: it is told so, and begins anew. Takes no right on the server
 * but to write: a user may see, and end, sessions of their own. Resolves to how many it ended.
 */
export async function endStalled(client: MongoClient): Promise<number> {
  const admin = client.db('admin')
  const stages: Document[] = [
    { $currentOp: { allUsers: false, idleSessions: true } },
    { $match: { type: 'idleSession', appName: nodeName, 'transaction.timeInactiveMicros': { $gte: stalledMs * 1_000 } } },
    { $project: { 'lsid.id': 1 } },
  ]
  // as a plain buffer the id would be no id of a session any more
  const options = { readConcern: { level: 'local' }, promoteBuffers: false } as const
  const found = admin.aggregate<{ lsid: { id: UUID } }>(stages, options)
  const stalled = (await found.toArray()).map(({ lsid }) => ({ id: lsid.id }))
  if (stalled.length > 0) await admin.command({ killSessions: stalled })
  return stalled.length
}

/** What keeps losing races for so long may be up against a transaction that stands still. */
export class Stalemate {
  #since: number | null = null
  readonly #client: MongoClient

  constructor(client: MongoClient) {
    this.#client = client
  }

  /** Another race was lost. Never rejects: where nothing can be ended, the server does it in its time. */
  async lost(): Promise<void> {
    const now = performance.now()
    this.#since ??= now
    if (now - this.#since < stalledMs) return
    this.#since = now
    await endStalled(this.#client).catch(() => 0)
  }
}
