import type { OfficeEvent } from '#shared/contracts/events.ts'
import type { Id } from '#shared/contracts/ids.ts'
import type { WorkspaceManifest } from '#shared/contracts/workspace.ts'
import { type Actor, maySee } from '#shared/domain/access.ts'
import { changesReach } from '../gateway/catch-up.ts'
import { crossings, sightOf } from '../gateway/filter.ts'
import type { Store } from '../store/store.ts'
import type { Chunks, ChunkSet } from './chunks.ts'
import type { Offices, OfficeState } from './offices.ts'

/** With more rows changed than this since the chunks were made, new ones are made while the old ones serve. */
const staleRows = 200
/** With more than this they are waited for. */
const mostRows = 1_000
const mostEvents = 2_000

/**
 * May this member fetch the chunk of this division (key `none`: of no division) as it was at this number? Not where it holds something
 * that has left their sight since: somebody may have joined the division after that.
 */
export async function maySeeChunk(offices: Offices, actor: Actor, key: string, at: number): Promise<boolean> {
  if (actor.seesAll) return true
  if (!actor.divisionIds.includes(key)) return false
  const state = await offices.find(actor.officeId)
  const events = (await state?.eventsAfter(at, mostEvents + 1)) ?? []
  return events.length <= mostEvents && sightOf(actor, crossings(events)).gone.size === 0
}

/** What a screen opens with: chunks shared by everybody, and on top what they lack for this member at this number. */
export async function openWorkspace(
  { store, offices, chunks }: { store: Store; offices: Offices; chunks: Chunks },
  { officeId, memberId }: Actor,
): Promise<WorkspaceManifest | null> {
  const state = await offices.find(officeId)
  if (!state) return null
  let { set, events } = await chunksAndSince(state, chunks, officeId)
  // not before the events: a change of reach after them shows at the first catch-up
  const actor = await offices.actor(officeId, memberId)
  if (!actor) return null
  let sight = sightOf(actor, crossings(events))
  if (!actor.seesAll && sight.gone.size > 0) {
    // these chunks hold what has left this member's sight, perhaps before they came to the division
    set = await chunks.rebuild(officeId)
    events = await state.eventsAfter(set.at, mostEvents)
    sight = sightOf(actor, crossings(events))
  }
  const frame = state.frame
  const at = events.at(-1)?.n ?? set.at
  const outside = actor.seesAll ? [] : await store.rowsBeside(officeId, actor)
  const newer = await store.rowsOf(officeId, [...sight.rows, ...sight.events])
  return {
    at,
    memberId,
    frame,
    chunks: [...set.chunks].flatMap(([key, { rows }]) =>
      actor.seesAll || actor.divisionIds.includes(key) ? [{ key, at: set.at, rows }] : [],
    ),
    rows: [...outside, ...newer].filter((row) => maySee(actor, row)),
    gone: [...sight.gone],
  }
}

/**
 * The same over chunks that a screen has from several nodes, the oldest of which stands at `oldest`: on top is everything that changed
 * since. Null where that is too much, or what the member may see is another since: the screen begins anew.
 */
export async function openOver(
  { store, offices }: { store: Store; offices: Offices },
  { officeId, memberId }: Actor,
  oldest: number,
): Promise<WorkspaceManifest | null> {
  const state = await offices.find(officeId)
  const events = (await state?.eventsAfter(oldest, mostEvents + 1)) ?? []
  const frame = state?.frame
  const at = events.at(-1)?.n ?? oldest
  const actor = await offices.actor(officeId, memberId)
  if (!frame || !actor || events.length > mostEvents || events.some((event) => changesReach(event, memberId))) return null
  const sight = sightOf(actor, crossings(events))
  const outside = actor.seesAll ? [] : await store.rowsBeside(officeId, actor)
  const newer = await store.rowsOf(officeId, [...sight.rows, ...sight.events])
  return { at, memberId, frame, chunks: [], rows: [...outside, ...newer].filter((row) => maySee(actor, row)), gone: [...sight.gone] }
}

/** The chunks that a manifest named; where they are not kept here, those that one of this node would name. Null: no such office. */
export async function namedChunks(
  { offices, chunks }: { offices: Offices; chunks: Chunks },
  officeId: Id,
  at: number,
): Promise<ChunkSet | null> {
  const state = await offices.find(officeId)
  if (!state) return null
  return chunks.find(officeId, at) ?? (await chunksAndSince(state, chunks, officeId)).set
}

async function chunksAndSince(state: OfficeState, chunks: Chunks, officeId: Id): Promise<{ set: ChunkSet; events: OfficeEvent[] }> {
  let set = await chunks.newest(officeId)
  for (;;) {
    const events = await state.eventsAfter(set.at, mostEvents + 1)
    const imported = events.some((e) => e.type === 'dossier.imported' || e.type === 'import.undone')
    const touched = imported ? Infinity : crossings(events).size
    if (touched > staleRows || events.length > mostEvents / 2) {
      const rebuilt = chunks.rebuild(officeId)
      if (touched > mostRows || events.length > mostEvents) {
        set = await rebuilt
        continue
      }
      // the next to open the office have it; a failure shows when they wait for it
      rebuilt.catch(() => {})
    }
    return { set, events }
  }
}
