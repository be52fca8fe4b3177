import type { DatabaseSync } from 'node:sqlite'
import type { Client } from '#shared/contracts/client.ts'
import type { Id } from '#shared/contracts/ids.ts'
import { fold } from '#shared/domain/fold.ts'
import { personName } from '#shared/domain/household.ts'
import { clientTexts } from '../searched.ts'
import type { DossierFilter } from '../store.ts'
import { reachCondition, where } from './dossier-query.ts'
import { inSlices } from './slices.ts'
import { documentOf, type LargeShelf } from './records.ts'
import { type Condition, wordConditions, wordTable } from './search-words.ts'

/** Clients: a document each, with what search, order and reach need beside it. */
export function clientTable(db: DatabaseSync) {
  const words = wordTable(db, 'client_words')
  const get = db.prepare('SELECT doc FROM clients WHERE office = ? AND id = ?')
  const put = db.prepare(`
    INSERT INTO clients (office, id, name_key, division_id, owner_id, doc) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (office, id) DO UPDATE
    SET name_key = excluded.name_key, division_id = excluded.division_id, owner_id = excluded.owner_id, doc = excluded.doc`)

  const inDivision = db.prepare('SELECT count(*) AS count FROM clients WHERE office = ? AND division_id = ?')
  const drop = db.prepare('DELETE FROM clients WHERE office = ? AND id = ?')
  const many = db.prepare('SELECT doc FROM clients WHERE office = ? AND id IN (SELECT value FROM json_each(?))')
  const page = db.prepare('SELECT doc FROM clients WHERE office = ? AND id > ? ORDER BY id LIMIT ?')

  const shelf: LargeShelf<Client> = {
    get: (officeId, id) => documentOf<Client>(get.get(officeId, id)),
    put(officeId, client) {
      const before = shelf.get(officeId, client.id)
      put.run(officeId, client.id, fold(personName(client)), client.divisionId, client.ownerId, JSON.stringify(client))
      words.change(officeId, client.id, before && clientTexts(before), clientTexts(client))
    },
    drop(officeId, id) {
      const before = shelf.get(officeId, id)
      if (before) words.change(officeId, id, clientTexts(before), [])
      drop.run(officeId, id)
    },
    many: (officeId, ids) => inSlices(ids, (slice) => many.all(officeId, slice)).flatMap((row) => documentOf<Client>(row) ?? []),
    page: (officeId, after, limit) => page.all(officeId, after, limit).flatMap((row) => documentOf<Client>(row) ?? []),
  }

  return {
    shelf,
    gathering: words.gathering,
    countIn: (officeId: Id, divisionId: Id): number => Number(inDivision.get(officeId, divisionId)?.['count']),
    /** By folded name, ties by id. A client is visible if it or any of its dossiers is. */
    search(officeId: Id, query: readonly string[], limit: number, reach?: DossierFilter['reach']): Client[] {
      const conditions: Condition[] = [
        ['clients.office = ?', officeId],
        ...wordConditions('client_words', officeId, query),
        ...(reach ? [clientReach(officeId, reach, query.length > 0)] : []),
      ]
      const { clause, values } = where(conditions)
      // +: sort what is found; only where everything is, the index gives the order and stops at the limit
      const order = query.length > 0 || reach ? '+name_key, id' : 'name_key, id'
      const found = db.prepare(`SELECT doc FROM clients ${clause} ORDER BY ${order} LIMIT ?`).all(...values, limit)
      return found.flatMap((row) => documentOf<Client>(row) ?? [])
    },
  }
}

/**
 * With words few clients are left and each looks up its dossiers; without, one pass over the dossiers finds all visible clients: a member
 * who sees little would otherwise make the store try every client of the office.
 */
function clientReach(officeId: Id, reach: NonNullable<DossierFilter['reach']>, fewLeft: boolean): Condition {
  const [visible, ...values] = reachCondition(reach)
  const byDossier = fewLeft
    ? `EXISTS (SELECT 1 FROM dossiers INDEXED BY dossiers_by_client WHERE dossiers.office = ? AND dossiers.client_id = clients.id AND ${visible})`
    : `clients.id IN (SELECT client_id FROM dossiers WHERE dossiers.office = ? AND ${visible})`
  return [
    `(clients.division_id IN (SELECT value FROM json_each(?)) OR clients.owner_id IN (SELECT value FROM json_each(?)) OR ${byDossier})`,
    JSON.stringify(reach.divisionIds),
    JSON.stringify(reach.ownerIds),
    officeId,
    ...values,
  ]
}
