import type { Filter } from 'mongodb'
import type { Dossier } from '#shared/contracts/dossier.ts'
import type { Id } from '#shared/contracts/ids.ts'
import { rangeOf } from '../searched.ts'
import type { DossierFilter, DossierSort } from '../store.ts'
import type { Collections, DossierDoc } from './collections.ts'
import { dossierFrom, full } from './dossier-fields.ts'
import type { Look } from './look.ts'

type Reach = NonNullable<DossierFilter['reach']>

const sortFields = {
  number: 'numberKey',
  clientName: 'clientKey',
  title: 'titleKey',
  amount: 'amount',
  createdOn: 'createdOn',
  changedAt: 'changedAt',
  stageSince: 'stageSince',
} as const satisfies { [S in DossierSort]: keyof DossierDoc }

/** What the reach of a member sees of dossiers. */
export function reachCondition({ memberId, divisionIds, ownerIds }: Reach): Filter<DossierDoc> {
  return { $or: [{ divisionId: { $in: [...divisionIds] } }, { ownerId: { $in: [...ownerIds] } }, { readerIds: memberId }] }
}

/** Each word must begin one of a record's words: for `$and`, one by one, since any word of the record may meet each. */
export function wordConditions(query: readonly string[]): { words: { $elemMatch: { $gte: string; $lt: string } } }[] {
  return query.filter(Boolean).map((word) => {
    const { from, below } = rangeOf(word)
    return { words: { $elemMatch: { $gte: from, $lt: below } } }
  })
}

function conditionOf(
  office: Id,
  { number, clientId, status, ownerId, divisionId, stageId, words, reach }: DossierFilter,
): Filter<DossierDoc> {
  const also = [...wordConditions(words ?? []), ...(reach ? [reachCondition(reach)] : [])]
  return {
    office,
    ...(number !== undefined && { number }),
    ...(clientId !== undefined && { clientId }),
    ...(status && { status: { $in: [...status] } }),
    ...(ownerId !== undefined && { ownerId }),
    ...(divisionId !== undefined && { divisionId }),
    ...(stageId !== undefined && { stageId }),
    ...(also.length > 0 && { $and: also }),
  }
}

/** The index that leaves fewest. Beyond these a list is one pass over the office's dossiers: an index for each filter would cost more on every commit. */
function hintOf({ number, clientId, ownerId, words }: DossierFilter): string {
  if (number !== undefined) return 'byNumber'
  if (clientId !== undefined) return 'byClient'
  if (words?.some(Boolean)) return 'byWord'
  return ownerId ? 'byOwner' : 'byId'
}

/** Lists and counts by filter. */
export function dossierQuery({ dossiers }: Collections) {
  return {
    async page(
      office: Id,
      filter: DossierFilter,
      { by, descending }: { by: DossierSort; descending: boolean },
      { offset, limit }: { offset: number; limit: number },
      { moment, seen }: Look,
    ): Promise<{ total: number; dossiers: Dossier[] }> {
      const $match = { ...conditionOf(office, filter), ...seen }
      const hint = hintOf(filter)
      const total = await dossiers.countDocuments($match, { hint, ...moment })
      const key = sortFields[by]
      // only ids and keys go through the sorter, whose memory is limited
      const ids = await dossiers
        .aggregate<{ id: Id }>(
          [
            { $match },
            { $project: { _id: 0, id: 1, [key]: 1 } },
            { $sort: { [key]: descending ? -1 : 1, id: 1 } },
            { $skip: offset },
            { $limit: limit },
            { $project: { id: 1 } },
          ],
          { hint, ...moment },
        )
        .toArray()
      return { total, dossiers: await inOrder(ids, office, { moment, seen }) }
    },
    async counts(
      office: Id,
      filter: DossierFilter,
      { moment, seen }: Look,
    ): Promise<{ stageId: Id; status: Dossier['status']; count: number; sum: number }[]> {
      const $group = { _id: { stageId: '$stageId', status: '$status' }, count: { $sum: 1 }, sum: { $sum: '$amount' } }
      const counted = dossiers.aggregate<{ _id: { stageId: Id; status: Dossier['status'] }; count: number; sum: number }>(
        [{ $match: { ...conditionOf(office, filter), ...seen } }, { $group }],
        { hint: hintOf(filter), ...moment },
      )
      return (await counted.toArray()).map(({ _id, count, sum }) => ({ ..._id, count, sum }))
    },
  }

  async function inOrder(ids: readonly { id: Id }[], office: Id, { moment, seen }: Pick<Look, 'moment' | 'seen'>): Promise<Dossier[]> {
    const place = new Map(ids.map(({ id }, i) => [id, i]))
    const found = dossiers.find({ office, id: { $in: [...place.keys()] }, ...seen }, { hint: 'byId', projection: full, ...moment })
    const sorted: Dossier[] = []
    for await (const document of found) sorted[place.get(document.id) ?? 0] = dossierFrom(document)
    return sorted
  }
}
