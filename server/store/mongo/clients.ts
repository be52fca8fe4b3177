import type { Filter, MongoClient } from 'mongodb'
import type { Client } from '#shared/contracts/client.ts'
import type { Id } from '#shared/contracts/ids.ts'
import { fold } from '#shared/domain/fold.ts'
import { personName } from '#shared/domain/household.ts'
import { clientTexts, searchWords } from '../searched.ts'
import type { DossierFilter } from '../store.ts'
import type { ClientDoc, Collections } from './collections.ts'
import { reachCondition, wordConditions } from './dossier-query.ts'
import { type Look, lookInto } from './look.ts'
import { inSlices } from './slices.ts'
import { onlyOne } from './versions.ts'

type Reach = NonNullable<DossierFilter['reach']>

/** Clients as they are read: JSON each, with what search, order and reach need beside it. */
export function clientTable(client: MongoClient, collections: Collections) {
  const { clients, dossiers } = collections
  const read = async (
    filter: Filter<ClientDoc>,
    { moment, seen }: Look,
    more: Parameters<typeof clients.find>[1] = {},
  ): Promise<Client[]> =>
    (
      await clients.find({ ...filter, ...seen }, { hint: 'byId', sort: { id: 1 }, ...more, projection: { doc: 1 }, ...moment }).toArray()
    ).map(clientFrom)

  /** The clients of dossiers that a reach sees; of these clients only, where they are given. */
  async function byDossier(office: Id, reach: Reach, among: readonly Id[] | null, { moment, seen }: Look): Promise<Id[]> {
    const visible = { office, ...seen, ...reachCondition(reach) }
    const clientsOf = async (more: object, hint: string): Promise<Id[]> => {
      const stages = [{ $match: { ...visible, ...more } }, { $group: { _id: '$clientId' } }]
      return (await dossiers.aggregate<{ _id: Id }>(stages, { hint, ...moment }).toArray()).map(({ _id }) => _id)
    }
    if (!among) return clientsOf({}, 'byId')
    return inSlices(among, (slice) => clientsOf({ clientId: { $in: slice } }, 'byClient'))
  }

  async function idsOf(filter: Filter<ClientDoc>, hint: string, { moment, seen }: Look): Promise<Id[]> {
    return (await clients.find({ ...filter, ...seen }, { hint, projection: { id: 1 }, ...moment }).toArray()).map(({ id }) => id)
  }

  return {
    async get(office: Id, id: Id): Promise<Client | null> {
      const found = await clients.find({ office, id }, { hint: 'byId', projection: { doc: 1, coming: 1, going: 1 } }).toArray()
      const only = onlyOne(found)
      if (only ?? found.length === 0) return only && clientFrom(only)
      return (await lookInto(client, collections, office, (look) => read({ office, id }, look)))[0] ?? null
    },
    many: (office: Id, ids: readonly Id[], look: Look): Promise<Client[]> =>
      inSlices(ids, (slice) => read({ office, id: { $in: slice } }, look)),
    page: (office: Id, after: Id, limit: number, look: Look): Promise<Client[]> => read({ office, id: { $gt: after } }, look, { limit }),
    countIn: (office: Id, divisionId: Id, { moment, seen }: Look): Promise<number> =>
      clients.countDocuments({ office, divisionId, ...seen }, { hint: 'byDivision', ...moment }),
    /** By folded name, ties by id. A client is visible if it or any of its dossiers is. */
    async search(office: Id, query: readonly string[], limit: number, reach: Reach | undefined, look: Look): Promise<Client[]> {
      const words = wordConditions(query)
      const hint = words.length > 0 ? 'byWord' : 'byName'
      const wanted: Filter<ClientDoc> = { office, ...(words.length > 0 && { $and: words }) }
      const byName = { hint, sort: { nameKey: 1, id: 1 }, limit } as const
      if (!reach) return read(wanted, look, byName)
      // with words few clients are left and only their dossiers are looked at; without, one pass over the dossiers finds all that are visible
      const among = words.length > 0 ? await idsOf(wanted, hint, look) : null
      const visible = await byDossier(office, reach, among, look)
      const { divisionIds, ownerIds } = reach
      const $or = [{ divisionId: { $in: [...divisionIds] } }, { ownerId: { $in: [...ownerIds] } }, { id: { $in: visible } }]
      return read({ ...wanted, $or }, look, byName)
    },
  }
}

export function clientFrom({ doc }: Pick<ClientDoc, 'doc'>): Client {
  return JSON.parse(doc) as Client
}

/** A client as it is stored. */
export function clientDocument(office: Id, client: Client): ClientDoc {
  const { id, divisionId, ownerId } = client
  const words = [...searchWords(clientTexts(client))]
  return { office, id, divisionId, ownerId, nameKey: fold(personName(client)), words, doc: JSON.stringify(client) }
}
