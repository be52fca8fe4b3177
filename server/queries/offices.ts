import type { OfficeEvent } from '#shared/contracts/events.ts'
import type { Id } from '#shared/contracts/ids.ts'
import type { Frame } from '#shared/contracts/office.ts'
import { type Actor, actorOf } from '#shared/domain/access.ts'
import { applyToFrame } from '#shared/domain/apply.ts'
import type { SeatedMember, Store } from '../store/store.ts'

/** How many of the newest events of an office stay in memory: what catching up usually needs. */
const recentEvents = 4_000
/** And how many are read when the office is loaded: after a restart everybody asks for the same ones. */
const recentAtStart = 500
const pageOfEvents = 1_000

/** An office as this node knows it: its frame at a number, and the newest events. */
export interface OfficeState {
  readonly number: number
  readonly frame: Frame
  /** The events after this number: from memory, else from the store. At most `limit`. */
  eventsAfter(number: number, limit: number): Promise<OfficeEvent[]>
}

/** The offices of this node, each loaded once and moved on by its own events. */
export class Offices {
  #store: Store
  #states = new Map<Id, Promise<State>>()

  constructor(store: Store) {
    this.#store = store
  }

  /** The office as it stands; null for an id that does not exist. */
  async find(officeId: Id): Promise<OfficeState | null> {
    const state = await this.#load(officeId)
    return state.number === 0 ? null : state
  }

  /** Those that were asked for here and are kept. */
  loaded(): Id[] {
    return [...this.#states.keys()]
  }

  /** Is it kept here, and stands below this number? An office that cannot be loaded does not. */
  async isBehind(officeId: Id, number: number): Promise<boolean> {
    const state = await this.#states.get(officeId)?.catch(() => undefined)
    return state !== undefined && state.number < number
  }

  async actor(officeId: Id, memberId: Id): Promise<Actor | null> {
    const state = await this.find(officeId)
    return state && actorOf(state.frame, memberId)
  }

  /** After a commit: moves the office on. Events at or below its number were applied before. */
  async advance(officeId: Id, events: readonly OfficeEvent[]): Promise<void> {
    ;(await this.#load(officeId)).advance(events)
  }

  /** Another node may have moved the log on: reads what follows and returns it. */
  async refresh(officeId: Id): Promise<OfficeEvent[]> {
    const state = await this.#load(officeId)
    const events: OfficeEvent[] = []
    for (;;) {
      const more = await this.#store.events(officeId, state.number, pageOfEvents)
      events.push(...more)
      state.advance(more)
      // not until there are none: on a busy office there would always be
      if (more.length < pageOfEvents) return events
    }
  }

  #load(officeId: Id): Promise<State> {
    let state = this.#states.get(officeId)
    if (!state) {
      state = loadState(this.#store, officeId)
      this.#states.set(officeId, state)
      state.then(
        (s) => s.number === 0 && this.#states.delete(officeId),
        () => this.#states.delete(officeId),
      )
    }
    return state
  }
}

class State implements OfficeState {
  number: number
  frame: Frame
  #recent: OfficeEvent[]
  #store: Store

  constructor(store: Store, number: number, frame: Frame, recent: OfficeEvent[]) {
    this.#store = store
    this.#recent = recent
    this.number = number
    this.frame = frame
  }

  advance(events: readonly OfficeEvent[]): void {
    for (const event of events) {
      if (event.n !== this.number + 1) continue
      this.number = event.n
      this.frame = applyToFrame(this.frame, event)
      this.#recent.push(event)
    }
    if (this.#recent.length > recentEvents * 1.5) this.#recent = this.#recent.slice(-recentEvents)
  }

  async eventsAfter(number: number, limit: number): Promise<OfficeEvent[]> {
    if (number >= this.number) return []
    const first = this.#recent[0]?.n ?? this.number + 1
    if (number + 1 < first) return this.#store.events(this.frame.office.id, number, limit)
    return this.#recent.slice(number + 1 - first, number + 1 - first + limit)
  }
}

async function loadState(store: Store, officeId: Id): Promise<State> {
  // read the number first: an event applied twice to a frame changes nothing, one left out would be lost
  const number = await store.number(officeId)
  const recent = await store.events(officeId, Math.max(0, number - recentAtStart), recentAtStart)
  return new State(
    store,
    number,
    await readFrame(store, officeId),
    recent.filter((e) => e.n <= number),
  )
}

async function readFrame(store: Store, officeId: Id): Promise<Frame> {
  const [offices, members, owners, divisions, stages] = await Promise.all([
    store.all(officeId, 'office'),
    store.all(officeId, 'member'),
    store.all(officeId, 'owner'),
    store.all(officeId, 'division'),
    store.all(officeId, 'stage'),
  ])
  const office = offices[0] ?? emptyOffice(officeId)
  return {
    office,
    members: members.map(withoutAccount),
    owners,
    divisions: divisions.sort((a, b) => a.name.localeCompare(b.name)),
    stages: stages.sort((a, b) => a.place - b.place).map(({ place: _, ...stage }) => stage),
  }
}

/** A member as colleagues may know them: which account signs in is nobody's business. */
export function withoutAccount({ accountId: _, ...member }: SeatedMember): Frame['members'][number] {
  return member
}

function emptyOffice(id: Id): Frame['office'] {
  return { id, name: '', language: 'en', currency: 'EUR', timeZone: 'UTC', divisionsOn: false, seesWhat: 'everyone' }
}
