import type { ClientSession } from 'mongodb'
import type { Id } from '#shared/contracts/ids.ts'
import type { Comment } from '#shared/contracts/comment.ts'
import type { Mention } from '#shared/contracts/mention.ts'
import type { FewKind, PlacedStage, Put, Records, SeatedMember } from '../store.ts'
import type { Collections, RecordDoc, SmallKind } from './collections.ts'
import { joined, partsOf } from './parts.ts'
import { unlessThere } from './transaction.ts'

/** A put of one of the small kinds. */
export type SmallPut = Extract<Put, { kind: SmallKind }>

/** The small kinds, each record a document under office, kind and id, and which account sits where. */
export function recordTable({ records, seats }: Collections) {
  async function seat(office: Id, members: readonly SeatedMember[], session: ClientSession): Promise<void> {
    await leave(
      office,
      members.map(({ id }) => id),
      session,
    )
    const last = new Map(members.map((member) => [member.id, member.accountId]))
    const taken = [...last].flatMap(([member, account]) => (account === null ? [] : [{ account, office, member }]))
    if (taken.length === 0) return
    await unlessThere(seats.insertMany(taken, { session }), () => new Error('an account sits somewhere already'))
  }

  async function leave(office: Id, members: readonly Id[], session: ClientSession): Promise<void> {
    await seats.deleteMany({ office, member: { $in: [...members] } }, { hint: 'byMember', session })
  }

  return {
    async get<K extends SmallKind>(office: Id, kind: K, id: Id): Promise<Records[K] | null> {
      const parts = await records.find({ office, kind, id }, { hint: 'byId', sort: { part: 1 } }).toArray()
      return joined<Records[K]>(parts)[0] ?? null
    },
    /** All of a kind by id; stages by their place. */
    async all<K extends FewKind>(office: Id, kind: K): Promise<Records[K][]> {
      const parts = await records.find({ office, kind }, { hint: 'byId', sort: { id: 1, part: 1 } }).toArray()
      const all = joined<Records[K]>(parts)
      return kind === 'stage' ? all.sort((a, b) => placeOf(a) - placeOf(b)) : all
    },
    async comments(office: Id, dossier: Id): Promise<Comment[]> {
      const found = records.find({ office, dossier, kind: 'comment' }, { hint: 'byDossier', sort: { id: 1, part: 1 } })
      return joined<Comment>(await found.toArray())
    },
    async mentionsOf(office: Id, member: Id): Promise<Mention[]> {
      const found = records.find({ office, unseenBy: member }, { hint: 'byUnseen', sort: { id: 1, part: 1 } })
      return joined<Mention>(await found.toArray())
    },
    /** Comments and mentions go with their dossiers. */
    async dropOf(office: Id, dossiers: readonly Id[], session?: ClientSession): Promise<void> {
      await records.deleteMany({ office, dossier: { $in: [...dossiers] } }, { hint: 'byDossier', session })
    },
    async put(office: Id, puts: readonly SmallPut[], session: ClientSession): Promise<void> {
      const writes = puts
        .flatMap(({ kind, record }) => recordDocuments(office, kind, record))
        .map((replacement) => {
          const { kind, id, part } = replacement
          return { replaceOne: { filter: { office, kind, id, part }, replacement, upsert: true, hint: 'byId' } }
        })
      await records.bulkWrite(writes, { session })
      const members = puts.flatMap((put) => (put.kind === 'member' ? [put.record] : []))
      if (members.length > 0) await seat(office, members, session)
    },
    async drop(office: Id, kind: SmallKind, ids: readonly Id[], session: ClientSession): Promise<void> {
      await records.deleteMany({ office, kind, id: { $in: [...ids] } }, { hint: 'byId', session })
      if (kind === 'member') await leave(office, ids, session)
    },
    async seat(account: string): Promise<{ officeId: Id; memberId: Id } | null> {
      const found = await seats.findOne({ account }, { hint: 'byAccount' })
      return found && { officeId: found.office, memberId: found.member }
    },
  }
}

/** A record of one of the small kinds as it is stored, in as many parts as it takes. */
export function recordDocuments(office: Id, kind: SmallKind, record: Records[SmallKind]): RecordDoc[] {
  const found = foundBy(kind, record)
  return partsOf(record).map((doc, part, { length: parts }) => ({ office, kind, id: record.id, ...found, part, parts, doc }))
}

function foundBy(kind: SmallKind, record: Records[SmallKind]): Pick<RecordDoc, 'dossier' | 'unseenBy'> {
  if (kind === 'comment') return { dossier: (record as Comment).dossierId }
  if (kind !== 'mention') return {}
  const { dossierId, memberId, seenAt } = record as Mention
  return { dossier: dossierId, ...(seenAt === null && { unseenBy: memberId }) }
}

function placeOf(record: Records[SmallKind]): number {
  return (record as PlacedStage).place
}
