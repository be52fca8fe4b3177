import type { MyDayChanges } from '#shared/contracts/my-day.ts'
import { mostChanges } from '#shared/contracts/my-day.ts'
import type { OfficeEvent } from '#shared/contracts/events.ts'
import { type Actor, can } from '#shared/domain/access.ts'
import { changesByOthers } from '#shared/domain/my-day.ts'
import type { Store } from '../store/store.ts'
import type { Offices, OfficeState } from './offices.ts'

/** So far back it is looked at most: what usually lies in memory. */
const mostEvents = 4_000
const eventsAtOnce = 1_000

/** What others did to the member's dossiers since they were last here, of what they may see now. */
export async function changesSince(store: Store, offices: Offices, actor: Actor): Promise<MyDayChanges> {
  const state = await offices.find(actor.officeId)
  if (!state) throw new Error('who is signed in has an office')
  const visit = await store.get(actor.officeId, 'visit', actor.memberId)
  const events = await eventsSince(state, Math.max(visit?.n ?? 0, state.number - mostEvents))
  const { changes, more } = changesByOthers(actor, events, mostChanges)
  const rows = await store.rowsOf(
    actor.officeId,
    changes.map(({ dossierId }) => dossierId),
  )
  const seen = new Set(rows.filter((row) => can(actor, 'dossier.read', row)).map((row) => row.id))
  return {
    since: visit && { n: visit.n, at: visit.at },
    at: events.at(-1)?.n ?? Math.max(visit?.n ?? 0, state.number),
    changes: changes.filter(({ dossierId }) => seen.has(dossierId)),
    more: more || (visit !== null && visit.n < state.number - mostEvents),
  }
}

async function eventsSince(state: OfficeState, after: number): Promise<OfficeEvent[]> {
  const events: OfficeEvent[] = []
  for (;;) {
    const more = await state.eventsAfter(events.at(-1)?.n ?? after, eventsAtOnce)
    if (more.length === 0) return events
    events.push(...more)
  }
}
