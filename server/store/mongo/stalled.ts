import type { Document, MongoClient, UUID } from 'mongodb'
import { nodeName } from './connect.ts'

/** What keeps losing races for so long may be up against a transaction that nobody goes on with, in milliseconds. */
const patienceMs = 3_000
/** So long a transaction of a line that is gone must not have been gone on with, in milliseconds: its node was killed. */
const goneMs = 2_000
/** And one whose line is still there: its node stands still. Long, for a node may only be short of time. */
const stillMs = 15_000

interface Found {
  type: 'op' | 'idleSession' | 'idleCursor'
  connectionId?: number
  appName?: string
  lsid?: { id: UUID }
  transaction?: { timeInactiveMicros: number }
}

/**
 * Ends the transactions that a node has begun and does not go on with: whoever is killed in one would else hold what it wrote until the server
 * gives it up by itself (60 s). A node that only stood still loses nothing: it is told so, and begins anew. Takes no right on the server
 * but to write: a user may see, and end, sessions of their own. Resolves to how many it ended.
 */
export async function endStalled(client: MongoClient): Promise<number> {
  const admin = client.db('admin')
  const stages: Document[] = [
    { $currentOp: { allUsers: false, idleSessions: true, idleConnections: true } },
    { $project: { type: 1, connectionId: 1, appName: 1, 'lsid.id': 1, 'transaction.timeInactiveMicros': 1 } },
  ]
  // as a plain buffer the id would be no id of a session any more
  const options = { readConcern: { level: 'local' }, promoteBuffers: false } as const
  const all = await admin.aggregate<Found>(stages, options).toArray()
  const lines = new Set(all.filter(({ type }) => type === 'op').map(({ connectionId }) => connectionId))
  const isStalled = ({ type, appName, connectionId, transaction }: Found) => {
    const inactiveMs = (transaction?.timeInactiveMicros ?? 0) / 1_000
    return type === 'idleSession' && appName === nodeName && inactiveMs >= (lines.has(connectionId) ? stillMs : goneMs)
  }
  const stalled = all.filter(isStalled).flatMap(({ lsid }) => (lsid ? [{ id: lsid.id }] : []))
  if (stalled.length > 0) await admin.command({ killSessions: stalled })
  return stalled.length
}

/** Somebody who tries again as long as others are faster. */
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
    if (now - this.#since < patienceMs) return
    this.#since = now
    await endStalled(this.#client).catch(() => 0)
  }
}
