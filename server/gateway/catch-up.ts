import type { OfficeEvent } from '#shared/contracts/events.ts'
import type { Id } from '#shared/contracts/ids.ts'
import type { CatchUp } from '#shared/contracts/workspace.ts'
import type { Actor } from '#shared/domain/access.ts'
import type { Offices } from '../queries/offices.ts'
import type { Store } from '../store/store.ts'
import { deliveryFor, movesReach } from './filter.ts'

/** Further back than this a fresh snapshot is quicker. */
const mostEvents = 2_000

/** What follows a number (up to another), for one member, in order and without holes. Across a change of the member's own reach: a snapshot (L3). */
export async function catchUp(
  { store, offices }: { store: Store; offices: Offices },
  actor: Actor,
  since: number,
  upTo = Infinity,
): Promise<CatchUp> {
  const state = await offices.find(actor.officeId)
  if (!state || since > state.number || state.number - since > mostEvents) return { kind: 'snapshot' }
  const events = (await state.eventsAfter(since, mostEvents)).filter((e) => e.n <= upTo)
  if (events.length === 0) return { kind: 'deliveries', deliveries: [] }
  if (events.some((e) => changesReach(e, actor.memberId))) return { kind: 'snapshot' }
  const delivery = await deliveryFor(actor, events, (ids) => store.rowsOf(actor.officeId, ids))
  return { kind: 'deliveries', deliveries: [delivery] }
}

/** Might this event have changed what the member may see at all? */
export function changesReach(event: OfficeEvent, memberId: Id): boolean {
  if (event.type === 'office.settingsChanged') return event.fields.seesWhat !== undefined
  if (event.type === 'member.changed') return event.memberId === memberId && movesReach(event)
  return event.type === 'dossier.imported' || event.type === 'import.undone' || event.type === 'office.created'
}
