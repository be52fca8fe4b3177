import type { ClientHit } from '#shared/contracts/client.ts'
import type { Actor } from '#shared/domain/access.ts'
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
