import type { Client, ClientHit } from '#shared/contracts/client.ts'
import type { Id } from '#shared/contracts/ids.ts'
import { type Actor, maySee } from '#shared/domain/access.ts'
import { words } from '#shared/domain/fold.ts'
import { householdName, partnerNameOf, personName } from '#shared/domain/household.ts'
import type { Store } from '../store/store.ts'

/** Clients the actor may see whose names or reference have words beginning with those searched for, by name. */
export async function findClients(store: Store, actor: Actor, search: string, limit: number): Promise<ClientHit[]> {
  const clients = await store.clients(actor.officeId, words(search), limit, actor.seesAll ? undefined : actor)
  return clients.map((client) => ({
    id: client.id,
    name: householdName(personName(client), partnerNameOf(client)),
    detail: [client.reference, client.birthDate, client.city].filter(Boolean).join(' · '),
  }))
}

/** A client is visible if it or any of its dossiers is. */
export async function maySeeClient(store: Store, actor: Actor, client: Client): Promise<boolean> {
  if (maySee(actor, { divisionId: client.divisionId, ownerId: client.ownerId, readerIds: [] })) return true
  const { total } = await store.dossiers(
    actor.officeId,
    { clientId: client.id, reach: actor },
    { by: 'number', descending: false },
    { offset: 0, limit: 1 },
  )
  return total > 0
}

/** Of the `limit` clients after this id (null: from the first) those the actor may see; `next`: what to ask with for those that follow. */
export async function clientsAfter(
  store: Store,
  actor: Actor,
  after: Id | null,
  limit: number,
): Promise<{ clients: Client[]; next: Id | null }> {
  const page = await store.page(actor.officeId, 'client', after, limit)
  const seen = await Promise.all(page.map((client) => maySeeClient(store, actor, client)))
  return { clients: page.filter((_, i) => seen[i]), next: page.length === limit ? (page.at(-1)?.id ?? null) : null }
}
