import { setTimeout as pause } from 'node:timers/promises'
import type { ChangeStreamDocument, Collection } from 'mongodb'
import type { Passing, PassingHeard, Said } from '../passing.ts'
import { connect } from './connect.ts'

interface PassingDoc {
  /** Node and subject. */
  _id: string
  value: string
  /** Goes up as long as the node is alive. */
  beat?: number
}

const keyOf = (node: string, subject: string) => `${node}|${subject}`
const byKey = { hint: '_id_' } as const
/** After a stream that could not be kept up, a new one is opened so much later, in milliseconds. */
const reopenMs = 500

/**
 * What passes, as documents that come and go, over a connection and a change stream of their own: carets that move hold up nothing else.
 * Nothing waits for a disk: what is lost with the primary is said again.
 */
export async function openPassing(uri: string, heard: PassingHeard): Promise<Passing> {
  const client = await connect(uri)
  const passing = client.db().collection<PassingDoc>('passing', { writeConcern: { w: 1, journal: false } })
  const closing = new AbortController()
  const listening = listen(passing, heard, closing.signal)
  return {
    async say(said) {
      const writes = said.map(({ node, subject, value }) => {
        const filter = { _id: keyOf(node, subject) }
        return value === null ? { deleteOne: { filter } } : { updateOne: { filter, update: { $set: { value } }, upsert: true } }
      })
      await passing.bulkWrite(writes, { ordered: false })
    },
    async beat(node) {
      const told = await passing.updateOne({ _id: keyOf(node, '') }, { $inc: { beat: 1 }, $set: { value: '' } }, { ...byKey, upsert: true })
      return told.upsertedCount > 0
    },
    async all() {
      const found = await passing.find({ _id: { $gte: '' } }, byKey).toArray()
      return found.map(({ _id, value }) => ({ ...nodeAndSubject(_id), value }))
    },
    async forget(node) {
      await passing.deleteMany({ _id: { $gte: keyOf(node, ''), $lt: keyOf(node, '\uffff') } }, byKey)
    },
    async close() {
      closing.abort()
      await client.close()
      await listening
    },
  }
}

async function listen(passing: Collection<PassingDoc>, heard: PassingHeard, closing: AbortSignal): Promise<void> {
  while (!closing.aborted) {
    const stream = passing.watch()
    try {
      for await (const change of stream) tell(change, heard)
    } catch {
      await stream.close().catch(() => {})
      await pause(reopenMs, undefined, { signal: closing }).catch(() => {})
      if (!closing.aborted) heard.lost()
    }
  }
}

function tell(change: ChangeStreamDocument<PassingDoc>, heard: PassingHeard): void {
  const { operationType } = change
  if (operationType === 'delete') heard.said({ ...nodeAndSubject(String(change.documentKey._id)), value: null })
  else if (operationType === 'insert') heard.said({ ...nodeAndSubject(String(change.documentKey._id)), value: change.fullDocument.value })
  else if (operationType === 'update')
    heard.said({ ...nodeAndSubject(String(change.documentKey._id)), value: change.updateDescription.updatedFields?.value ?? '' })
}

function nodeAndSubject(key: string): Pick<Said, 'node' | 'subject'> {
  const at = key.indexOf('|')
  return { node: key.slice(0, at), subject: key.slice(at + 1) }
}
