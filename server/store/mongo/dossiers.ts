import type { Filter, MongoClient } from 'mongodb'
import type { Dossier, DossierRow } from '#shared/contracts/dossier.ts'
import type { Id } from '#shared/contracts/ids.ts'
import type { DossierFilter } from '../store.ts'
import type { Collections, DossierDoc } from './collections.ts'
import { dossierFrom, full, slim } from './dossier-fields.ts'
import { type Look, lookInto } from './look.ts'
import { inSlices } from './slices.ts'
import { onlyOne } from './versions.ts'

/** Dossiers as they are read by ids: the slim row in fields, the rest as JSON. */
export function dossierTable(client: MongoClient, collections: Collections) {
  const { dossiers } = collections
  const read = async (filter: Filter<DossierDoc>, { moment, seen }: Look, more: { limit?: number } = {}): Promise<Dossier[]> =>
    (await dossiers.find({ ...filter, ...seen }, { ...byId, sort: { id: 1 }, ...more, projection: full, ...moment }).toArray()).map(
      dossierFrom,
    )
  const rows = (filter: Filter<DossierDoc>, { moment, seen }: Look, hint = 'byId'): Promise<DossierRow[]> =>
    dossiers.find<DossierRow>({ ...filter, ...seen }, { hint, projection: slim, ...moment }).toArray()

  return {
    async get(office: Id, id: Id): Promise<Dossier | null> {
      const found = await dossiers.find({ office, id }, { ...byId, projection: { ...full, coming: 1, going: 1 } }).toArray()
      const only = onlyOne(found)
      if (only ?? found.length === 0) return only && dossierFrom(only)
      return (await lookInto(client, collections, office, (look) => read({ office, id }, look)))[0] ?? null
    },
    many: (office: Id, ids: readonly Id[], look: Look): Promise<Dossier[]> =>
      inSlices(ids, (slice) => read({ office, id: { $in: slice } }, look)),
    page: (office: Id, after: Id, limit: number, look: Look): Promise<Dossier[]> => read({ office, id: { $gt: after } }, look, { limit }),
    rows: (office: Id, look: Look): Promise<DossierRow[]> => rows({ office }, look),
    rowsOf: (office: Id, ids: readonly Id[], look: Look): Promise<DossierRow[]> =>
      inSlices(ids, (slice) => rows({ office, id: { $in: slice } }, look)),
    async rowsBeside(
      office: Id,
      { memberId, divisionIds, ownerIds }: NonNullable<DossierFilter['reach']>,
      look: Look,
    ): Promise<DossierRow[]> {
      const divisionId = { $nin: [...divisionIds] }
      const own = await rows({ office, ownerId: { $in: [...ownerIds] }, divisionId }, look, 'byOwner')
      const readable = { office, readerIds: memberId, 'readerIds.0': { $exists: true }, divisionId }
      const read = await rows(readable, look, 'byReader')
      const ownIds = new Set(own.map(({ id }) => id))
      return [...own, ...read.filter(({ id }) => !ownIds.has(id))]
    },
  }
}

const byId = { hint: 'byId' } as const
