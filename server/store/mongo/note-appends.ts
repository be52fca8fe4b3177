import type { ClientSession, MongoClient } from 'mongodb'
import { fenceOf } from '../fence.ts'
import type { AppendResult, NoteAppend } from '../store.ts'
import { type Collections, noteKey, type NoteUpdateDoc } from './collections.ts'
import { type Fence, fenceTable } from './fences.ts'
import { inTransaction, Raced, unlessThere } from './transaction.ts'

/** What one transaction appends at most: it is to be over in a moment, also where it has to be tried again. */
const mostAtOnce = 2_000
const mostBytesAtOnce = 16 * 1024 * 1024

interface Waiting {
  append: NoteAppend
  /** The notes of which something that was asked for in the same call was not stored. */
  stopped: Set<string>
  settle: (result: AppendResult) => void
  fail: (error: unknown) => void
}

/** Appends to the logs of notes, one transaction at a time: what waits while one is under way is stored by the next. */
export class NoteAppends {
  readonly #client: MongoClient
  readonly #collections: Collections
  #waiting: Waiting[] = []
  #running: Promise<void> | null = null

  constructor(client: MongoClient, collections: Collections) {
    this.#client = client
    this.#collections = collections
  }

  /** As the port says; the stored ones are on the disks of a majority when it resolves. */
  append(appends: readonly NoteAppend[]): Promise<AppendResult[]> {
    const stopped = new Set<string>()
    const results = appends.map(
      (append) => new Promise<AppendResult>((settle, fail) => void this.#waiting.push({ append, stopped, settle, fail })),
    )
    this.#running ??= this.#run()
    return Promise.all(results)
  }

  /** Resolves when nothing waits any more. */
  async idle(): Promise<void> {
    await this.#running
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, batchLength(this.#waiting))
      try {
        const results = await inTransaction(this.#client, (session) => appendIn(session, this.#collections, batch))
        for (const [i, { append, stopped, settle }] of batch.entries()) {
          const result = results[i] ?? 'raced'
          if (result !== 'stored') stopped.add(keyOf(append))
          settle(result)
        }
      } catch (error) {
        for (const { fail } of batch) fail(error)
      }
    }
    this.#running = null
  }
}

function batchLength(waiting: readonly Waiting[]): number {
  let bytes = 0
  for (const [length, { append }] of waiting.entries()) {
    bytes += append.bytes.length
    if (length > 0 && (length === mostAtOnce || bytes > mostBytesAtOnce)) return length
  }
  return waiting.length
}

/** In a transaction: reads fences and ends of all notes, judges each append, and writes what may be stored. */
async function appendIn(session: ClientSession, collections: Collections, batch: readonly Waiting[]): Promise<AppendResult[]> {
  const fences = fenceTable(collections)
  const appends = batch.map(({ append }) => append)
  const values = new Map((await fences.read(appends.map(fenceFor), session)).map((fence) => [fenceKey(fence), fence.value]))
  const ends = await endsOf(session, collections, appends)
  const stored: NoteAppend[] = []
  // a copy for each try
  const stops = new Map(batch.map(({ stopped }) => [stopped, new Set(stopped)]))
  const results = batch.map(({ append, stopped }): AppendResult => {
    const stop = stops.get(stopped)
    const result = stop?.has(keyOf(append)) ? 'raced' : judge(append, values.get(fenceKey(fenceFor(append))), ends.get(keyOf(append)))
    if (result === 'stored') {
      ends.set(keyOf(append), append)
      stored.push(append)
    } else stop?.add(keyOf(append))
    return result
  })
  if (stored.length > 0) {
    const passed = new Map(stored.map(fenceFor).map((fence) => [fenceKey(fence), fence]))
    await fences.pass([...passed.values()], session)
    await write(session, collections, stored)
  }
  return results
}

function judge({ fence, epoch, seq }: NoteAppend, value = 0, end = { epoch: 1, seq: 0 }): AppendResult {
  if (fence !== value) return 'fenced'
  return epoch === end.epoch && seq === end.seq + 1 ? 'stored' : 'raced'
}

async function endsOf(
  session: ClientSession,
  { notes }: Collections,
  appends: readonly NoteAppend[],
): Promise<Map<string, { epoch: number; seq: number }>> {
  const offices = [...new Set(appends.map(({ officeId }) => officeId))]
  const ids = [...new Set(appends.map(({ note }) => note))]
  const found = await notes.find({ office: { $in: offices }, note: { $in: ids } }, { hint: 'byId', session }).toArray()
  return new Map(found.map((end) => [end._id, end]))
}

async function write(session: ClientSession, { notes, noteUpdates }: Collections, stored: readonly NoteAppend[]): Promise<void> {
  const last = new Map(stored.map((append) => [keyOf(append), append]))
  const ends = [...last.values()].map(({ officeId: office, note, epoch, seq }) => ({
    updateOne: {
      filter: { office, note },
      update: { $set: { epoch, seq }, $setOnInsert: { _id: noteKey(office, note) } },
      upsert: true,
      hint: 'byId',
    },
  }))
  await unlessThere(notes.bulkWrite(ends, { session }), () => new Raced())
  const updates = stored.map(({ officeId: office, note, epoch, seq, memberId: member, at, bytes }): NoteUpdateDoc => {
    return { office, note, epoch, seq, member, at, bytes }
  })
  await unlessThere(noteUpdates.insertMany(updates, { session }), () => new Raced())
}

function fenceFor({ officeId, note }: NoteAppend): Fence {
  return { office: officeId, fence: fenceOf(note) }
}

const fenceKey = ({ office, fence }: Fence) => `${office}/${fence}`
const keyOf = ({ officeId, note }: NoteAppend) => noteKey(officeId, note)
