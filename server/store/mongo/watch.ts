import { setTimeout as pause } from 'node:timers/promises'
import type { ChangeStreamDocument, MongoClient } from 'mongodb'
import type { Heard } from '../heard.ts'

/** After a stream that could not be kept up, a new one is opened so much later, in milliseconds. */
const reopenMs = 500

const pipeline = [
  {
    $match: {
      $or: [
        { 'ns.coll': { $in: ['offices', 'notes'] }, operationType: { $in: ['insert', 'update', 'replace'] } },
        { 'ns.coll': 'session', operationType: 'delete' },
      ],
    },
  },
]

/**
 * Tells what any node has written, this one included, until it is closed. The driver takes a broken stream up where it was; where that is
 * not possible `lost` is called, and what was missed is found by number.
 */
export function watch(client: MongoClient, heard: Heard): { close(): Promise<void> } {
  const closing = new AbortController()
  let stream = client.db().watch(pipeline)
  const run = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      try {
        for await (const change of stream) tell(change, heard)
      } catch (error) {
        if (closing.signal.aborted) return
        await stream.close().catch(() => {})
        await pause(reopenMs, undefined, { signal: closing.signal }).catch(() => {})
        stream = client.db().watch(pipeline)
        heard.lost(error)
      }
    }
  }
  const running = run()
  return {
    async close() {
      closing.abort()
      await stream.close().catch(() => {})
      await running
    },
  }
}

function tell(change: ChangeStreamDocument, heard: Heard): void {
  if (change.operationType === 'delete') return heard.sessionEnded(String(change.documentKey._id))
  if (change.operationType !== 'insert' && change.operationType !== 'update' && change.operationType !== 'replace') return
  const fields = change.operationType === 'update' ? (change.updateDescription.updatedFields ?? {}) : change.fullDocument
  const [officeId = '', note] = String(change.documentKey._id).split('/')
  if (note !== undefined) heard.note(officeId, note, { epoch: numberIn(fields, 'epoch'), seq: numberIn(fields, 'seq') })
  else heard.office(officeId, numberIn(fields, 'number') ?? 0)
}

function numberIn(fields: object, name: string): number | null {
  const value: unknown = Object.entries(fields).find(([field]) => field === name)?.[1]
  return typeof value === 'number' ? value : null
}
