import type { Access, DossierRow } from '#shared/contracts/dossier.ts'
import type { OfficeEvent } from '#shared/contracts/events.ts'
import type { Id } from '#shared/contracts/ids.ts'
import type { MemberPasswordEvent } from '#shared/contracts/member.ts'
import type { MentionSeen } from '#shared/contracts/mention.ts'
import type { TokenEvent } from '#shared/contracts/token.ts'
import type { Delivery, DeliveryItem } from '#shared/contracts/workspace.ts'
import { type Actor, maySee } from '#shared/domain/access.ts'
import { subjectsOf } from '#shared/domain/undo.ts'

/** The access of a dossier before the first and after the last event of a range; `before` null: made within it. */
export interface Crossing {
  before: Access | null
  after: Access
}

/** Every dossier that a range of events touched. */
export function crossings(events: readonly OfficeEvent[]): Map<Id, Crossing> {
  const touched = new Map<Id, Crossing>()
  for (const event of events) {
    if (event.type === 'dossier.created') touched.set(event.dossier.id, { before: null, after: event.dossier })
    for (const { dossierId, access } of subjectsOf(event) ?? []) {
      const known = touched.get(dossierId)
      if (known) known.after = access.after
      else touched.set(dossierId, { ...access })
    }
  }
  return touched
}

export function sameAccess(a: Access, b: Access): boolean {
  return a.divisionId === b.divisionId && a.ownerId === b.ownerId && a.readerIds.join() === b.readerIds.join()
}

/** The dossiers whose access is another one after these events; not those that are new. */
export function accessMoved(events: readonly OfficeEvent[]): Id[] {
  return [...crossings(events)].flatMap(([id, { before, after }]) => (before && !sameAccess(before, after) ? [id] : []))
}

/** What a range is to one member: dossiers whose events they get, that are new to them as a row, and that are gone. */
export interface Sight {
  events: Set<Id>
  rows: Set<Id>
  gone: Set<Id>
}

/** Filters by the rights at the range's end: visible before and now, only now, only before; neither is only covered. */
export function sightOf(actor: Actor, touched: ReadonlyMap<Id, Crossing>): Sight {
  const sight: Sight = { events: new Set(), rows: new Set(), gone: new Set() }
  for (const [id, { before, after }] of touched) {
    const now = maySee(actor, after)
    if (before && maySee(actor, before)) (now ? sight.events : sight.gone).add(id)
    else if (now) (before ? sight.rows : sight.events).add(id)
  }
  return sight
}

/** Does anything different come into view for this member when their reach goes from one to the other? */
export function sameSight(a: Actor, b: Actor): boolean {
  if (a.seesAll || b.seesAll) return a.seesAll === b.seesAll
  return a.divisionIds.join() === b.divisionIds.join() && a.ownerIds.join() === b.ownerIds.join()
}

/** Up to this many rows are sent one by one; above it a screen fetches them afresh. */
const mostRows = 500

/** With more dossiers than this in one change of the stages, too. */
const mostRestaged = 2_000
const restagedSpreadMs = 1_500

/**
 * The delivery of a gapless range of events to one member. `rowsOf` reads the slim rows of dossiers that are new to the member;
 * they may be newer than the range, and are left out where the member may meanwhile no longer see them.
 */
export async function deliveryFor(
  actor: Actor,
  events: readonly OfficeEvent[],
  rowsOf: (ids: readonly Id[]) => Promise<DossierRow[]>,
): Promise<Delivery> {
  const first = events[0]
  const last = events.at(-1)
  if (!first || !last) throw new Error('a delivery needs at least one event')
  const sight = sightOf(actor, crossings(events))
  const isRestaged = events.some((e) => e.type === 'office.stagesChanged' && e.subjects.length > mostRestaged)
  if (isRestaged || sight.rows.size > mostRows) {
    const gone = [...sight.gone].map((dossierId): DeliveryItem => ({ kind: 'gone', dossierId }))
    const resync: DeliveryItem = { kind: 'resync', reach: false, spreadMs: isRestaged ? restagedSpreadMs : 0 }
    return { from: first.n, to: last.n, items: [...frameItems(events), ...gone, resync] }
  }
  const rows = new Map<Id, DossierRow>()
  if (sight.rows.size > 0) {
    for (const row of await rowsOf([...sight.rows])) if (maySee(actor, row)) rows.set(row.id, row)
  }
  const items: DeliveryItem[] = []
  for (const event of events) pushItems(actor, items, event, sight, rows)
  return { from: first.n, to: last.n, items }
}

/** What events say of the frame alone, for a screen that fetches its rows afresh. */
export function frameItems(events: readonly OfficeEvent[]): DeliveryItem[] {
  return events
    .filter(isFrameEvent)
    .map((event) => ({ kind: 'event', event: event.type === 'office.stagesChanged' ? { ...event, subjects: [] } : event }))
}

/** Settings, stages, people, divisions: everybody gets these. */
export function isFrameEvent(event: OfficeEvent): boolean {
  switch (event.type) {
    case 'office.settingsChanged':
    case 'office.stagesChanged':
    case 'division.created':
    case 'division.renamed':
    case 'division.deleted':
    case 'member.invited':
    case 'member.changed':
      return true
    default:
      return false
  }
}

const fewTypes: ReadonlySet<OfficeEvent['type']> = new Set<OfficeEvent['type']>([
  'member.resetLinkMade',
  'member.passwordReset',
  'token.made',
  'token.revoked',
  'mention.seen',
])

/** For one member, and most of them for the admins, alone: not for everybody who sees the same dossiers. */
export function isForFew(event: OfficeEvent): event is OfficeEvent & (MemberPasswordEvent | TokenEvent | MentionSeen) {
  return fewTypes.has(event.type)
}

/** Events after which somebody may see, or do, other things than before without any dossier having moved. */
export function movesReach(event: OfficeEvent): boolean {
  switch (event.type) {
    case 'office.settingsChanged':
      return event.fields.seesWhat !== undefined || event.fields.divisionsOn !== undefined
    case 'member.changed':
      return [event.fields.role, event.fields.divisionIds, event.fields.state].some((part) => part !== undefined)
    case 'division.created':
      return event.turnsOn
    case 'dossier.imported':
    case 'import.undone':
      return true
    default:
      return false
  }
}

function pushItems(actor: Actor, items: DeliveryItem[], event: OfficeEvent, sight: Sight, rows: Map<Id, DossierRow>): void {
  const { by, commandId } = event
  if (event.type === 'mention.seen') {
    if (actor.memberId === event.memberId) items.push({ kind: 'event', event })
  } else if (isForFew(event)) {
    if (actor.role === 'admin' || actor.memberId === event.memberId) items.push({ kind: 'event', event })
  } else if (event.type === 'dossier.imported' || event.type === 'import.undone') {
    items.push({ kind: 'resync', reach: false, spreadMs: 0 })
  } else if (event.type === 'office.stagesChanged') {
    items.push({ kind: 'event', event: { ...event, subjects: event.subjects.filter((s) => sight.events.has(s.dossierId)) } })
  } else if (isFrameEvent(event)) items.push({ kind: 'event', event })
  else if (event.type === 'dossier.created') {
    if (sight.events.has(event.dossier.id)) items.push({ kind: 'event', event })
  } else if ('subjects' in event) {
    const subjects = event.subjects.filter((s) => sight.events.has(s.dossierId))
    const seesClient = event.type === 'client.edited' && maySee(actor, event.access)
    if (seesClient || subjects.length > 0)
      items.push({ kind: 'event', event: subjects.length === event.subjects.length ? event : { ...event, subjects } })
    for (const { dossierId } of event.subjects) {
      const row = rows.get(dossierId)
      // the row already contains whatever else the range did to it
      if (row && rows.delete(dossierId)) items.push({ kind: 'row', row, by, commandId })
      if (sight.gone.delete(dossierId)) items.push({ kind: 'gone', dossierId })
    }
  }
}
