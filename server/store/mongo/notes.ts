import type { ClientSession, MongoClient } from 'mongodb'
import type { Id } from '#shared/contracts/ids.ts'
import type { NoteLog, NoteSnapshot, StoredVersion } from '../store.ts'
import { type Collections, noteKey } from './collections.ts'
import { inSlices } from './slices.ts'
import { inSnapshot, inTransaction, type Moment, Raced, unlessThere } from './transaction.ts'

/** Client ids are small numbers from here on; 1 is kept for text that an import writes. */
const firstClient = 2

/** The logs of notes, and who was issued which client id. */
export function noteTable(
  client: MongoClient,
  { notes, noteUpdates, noteSnapshots, noteVersions, noteTexts, noteClients, noteGrants }: Collections,
) {
  const byId = { hint: 'byId' } as const
  const byNote = { hint: 'byNote' } as const
  const bySeq = { hint: 'bySeq' } as const

  /** Where a note stands. In a transaction it is written as well: whoever writes it meanwhile makes that begin anew. */
  async function end(office: Id, note: Id, at: Moment | { session: ClientSession }): Promise<{ epoch: number; seq: number }> {
    return (await notes.findOne({ office, note }, { ...byId, ...at })) ?? { epoch: 1, seq: 0 }
  }

  async function putEnd(office: Id, note: Id, end: { epoch: number; seq: number }, session: ClientSession): Promise<void> {
    const write = notes.updateOne(
      { office, note },
      { $set: end, $inc: { rewrites: 1 }, $setOnInsert: { _id: noteKey(office, note) } },
      { ...byId, upsert: true, session },
    )
    await unlessThere(write, () => new Raced())
  }

  async function putSnapshot(office: Id, note: Id, epoch: number, made: NoteSnapshot, session: ClientSession): Promise<void> {
    const document = { office, note, epoch, seq: made.seq, bytes: made.bytes, vector: made.vector, ledger: made.ledger ?? null }
    await unlessThere(noteSnapshots.replaceOne({ office, note }, document, { ...byNote, upsert: true, session }), () => new Raced())
  }

  return {
    log: (office: Id, note: Id, after?: { epoch: number; seq: number }): Promise<NoteLog> =>
      inSnapshot(client, async (moment) => {
        const { epoch } = await end(office, note, moment)
        // a snapshot stands at 0 where the note was rebuilt
        const from = after?.epoch === epoch && after.seq > 0 ? after.seq : -1
        const beyond = { office, note, epoch, seq: { $gt: from } }
        const snapshot = await noteSnapshots.findOne(beyond, { ...byNote, ...moment })
        const updates = await noteUpdates.find(beyond, { ...bySeq, sort: { seq: 1 }, ...moment }).toArray()
        return {
          epoch,
          snapshot: snapshot && snapshotFrom(snapshot),
          updates: updates.map(({ seq, member, at, bytes }) => ({ seq, memberId: member, at, bytes: owned(bytes) })),
        }
      }),
    compact: (office: Id, note: Id, epoch: number, made: NoteSnapshot): Promise<'done' | 'raced'> =>
      inTransaction(client, async (session) => {
        const now = await end(office, note, { session })
        const before = await noteSnapshots.findOne({ office, note, epoch }, { ...byNote, session, projection: { seq: 1 } })
        if (epoch !== now.epoch || made.seq <= (before?.seq ?? 0) || made.seq > now.seq) return 'raced'
        await putEnd(office, note, { epoch, seq: now.seq }, session)
        await putSnapshot(office, note, epoch, made, session)
        await noteUpdates.deleteMany({ office, note, epoch, seq: { $lte: made.seq } }, { ...bySeq, session })
        return 'done'
      }),
    rebuild: (office: Id, note: Id, epoch: number, text: Omit<NoteSnapshot, 'seq'>): Promise<'done' | 'raced'> =>
      inTransaction(client, async (session) => {
        if (epoch !== (await end(office, note, { session })).epoch) return 'raced'
        await putEnd(office, note, { epoch: epoch + 1, seq: 0 }, session)
        await putSnapshot(office, note, epoch + 1, { seq: 0, ...text }, session)
        await noteUpdates.deleteMany({ office, note }, { ...bySeq, session })
        await noteVersions.deleteMany({ office, note }, { ...bySeq, session })
        await noteTexts.deleteMany({ office, note }, { ...byNote, session })
        return 'done'
      }),
    /** The number is taken first: a grant that fails after it leaves a number nobody has. */
    async grantClient(office: Id, note: Id, member: Id): Promise<number> {
      const taken = await noteClients.findOneAndUpdate(
        { office, note },
        [{ $set: { office, note, last: { $add: [{ $ifNull: ['$last', firstClient - 1] }, 1] } } }],
        { upsert: true, returnDocument: 'after' },
      )
      if (!taken) throw new Error('no client id was granted')
      await noteGrants.insertOne({ office, note, member, client: taken.last })
      return taken.last
    },
    async clientsOf(office: Id, note: Id, member: Id): Promise<number[]> {
      const granted = noteGrants.find({ office, note, member }, { hint: 'byMember', sort: { client: 1 }, projection: { client: 1 } })
      return (await granted.toArray()).map(({ client }) => client)
    },
    async grantsOf(office: Id, note: Id): Promise<{ client: number; memberId: Id }[]> {
      const granted = noteGrants.find({ office, note }, { hint: 'byMember', sort: { member: 1, client: 1 } })
      return (await granted.toArray()).map(({ client, member: memberId }) => ({ client, memberId }))
    },
    async putVersion(office: Id, note: Id, made: StoredVersion): Promise<'done' | 'there' | 'raced'> {
      return inTransaction(client, async (session) => {
        const { epoch, seq } = made
        const now = await end(office, note, { session })
        if (epoch !== now.epoch || seq > now.seq) return 'raced'
        if (await noteVersions.findOne({ office, note, epoch, seq }, { ...bySeq, session, projection: { seq: 1 } })) return 'there'
        // told to the other nodes as well
        await putEnd(office, note, { epoch: now.epoch, seq: now.seq }, session)
        await unlessThere(noteVersions.insertOne({ office, note, ...made }, { session }), () => new Raced())
        return 'done'
      })
    },
    async lengths(office: Id, ids: readonly Id[]): Promise<Map<Id, number>> {
      const found = await inSlices(ids, (slice) => notes.find({ office, note: { $in: slice }, seq: { $gt: 0 } }, byId).toArray())
      return new Map(found.map(({ note, seq }) => [note, seq]))
    },
    /** Notes go with their dossiers, and the comments on them. Granted client ids stay: none is ever granted twice. */
    async drop(office: Id, ids: readonly Id[], session?: ClientSession): Promise<void> {
      // the comments on a dossier stand under `<dossier>.<member>`; no id holds what a pattern would read otherwise
      const those = { office, note: { $in: ids.flatMap((id) => [id, new RegExp(`^${id}\\.`)]) } }
      await notes.deleteMany(those, { ...byId, session })
      await noteUpdates.deleteMany(those, { ...bySeq, session })
      await noteSnapshots.deleteMany(those, { ...byNote, session })
      await noteVersions.deleteMany(those, { ...bySeq, session })
      await noteTexts.deleteMany(those, { ...byNote, session })
    },
  }
}

function snapshotFrom({ seq, bytes, vector, ledger }: NoteSnapshot): NoteSnapshot {
  return { seq, bytes: owned(bytes), vector: owned(vector), ...(ledger && { ledger: owned(ledger) }) }
}

/** Bytes of their own: those that come are a view of a whole answer of the server. */
export function owned(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes)
}
