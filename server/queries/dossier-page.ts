import type { DossierPage, HistoryEntry } from '#shared/contracts/dossier-page.ts'
import type { Id } from '#shared/contracts/ids.ts'
import { type Actor, can } from '#shared/domain/access.ts'
import { historyEntry } from '#shared/domain/history.ts'
import type { Store } from '../store/store.ts'

const historyLength = 200

/** Everything a dossier's page shows beyond the slim row; null when there is no such dossier, or the actor may not see it. */
export async function dossierPage(store: Store, actor: Actor, dossierId: Id): Promise<DossierPage | null> {
  const history = await historyOf(store, actor, dossierId)
  const dossier = await store.get(actor.officeId, 'dossier', dossierId)
  if (!dossier || !history || !can(actor, 'dossier.read', dossier)) return null
  const client = await store.get(actor.officeId, 'client', dossier.clientId)
  return client && { dossier, client, history }
}

/** A dossier's changes, newest first, below the number `before`; null as for `dossierPage`. */
export async function historyOf(store: Store, actor: Actor, dossierId: Id, before?: number): Promise<HistoryEntry[] | null> {
  const dossier = await store.get(actor.officeId, 'dossier', dossierId)
  if (!dossier || !can(actor, 'dossier.read', dossier)) return null
  const events = await store.history(actor.officeId, dossierId, historyLength, before)
  return events.flatMap((event) => historyEntry(event, dossierId) ?? [])
}
