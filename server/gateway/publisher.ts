import type { Access } from '#shared/contracts/dossier.ts'
import type { OfficeEvent } from '#shared/contracts/events.ts'
import type { Id } from '#shared/contracts/ids.ts'
import type { Presence, Whereabouts } from '#shared/contracts/socket.ts'
import type { CatchUp, Delivery, DeliveryItem } from '#shared/contracts/workspace.ts'
import { type Actor, maySee } from '#shared/domain/access.ts'
import type { Log } from '../log.ts'
import type { Offices } from '../queries/offices.ts'
import type { Store } from '../store/store.ts'
import { catchUp } from './catch-up.ts'
import { crossings, deliveryFor, frameItems, isForFew, isFrameEvent, movesReach, sameAccess, sameSight } from './filter.ts'
import type { LiveServer, LiveSocket } from './live-socket.ts'
import type { PeopleAbroad } from './people-abroad.ts'
import { PresenceBook } from './presence.ts'
import type { Visits } from './visits.ts'

/** Under load deliveries gather for this long; while nothing waits they go out at once. */
const gatherMs = 10
/** What many screens gain at once they fetch one after the other, by chance: so long for each, and so long at most. */
const spreadForEachMs = 20
const longestSpreadMs = 4_000
const manySockets = 20

/** What goes on in one office: its tasks run one after the other, so that nobody joins in the middle of a delivery. */
interface Channel {
  officeId: Id
  sockets: Set<LiveSocket>
  pending: OfficeEvent[]
  tasks: Promise<void>
  isFlushing: boolean
  lastFlush: number
  /** Everything up to this number has gone out; null: nothing was asked for yet. */
  sentTo: number | null
  presence: PresenceBook
}

interface PublisherOptions {
  io: LiveServer
  store: Store
  offices: Offices
  log: Log
  visits: Pick<Visits, 'came' | 'left'>
  abroad: PeopleAbroad
}

/** Brings what was committed, and who is where, to the sockets of those who may see it. */
export class Publisher {
  #options: PublisherOptions
  #channels = new Map<Id, Channel>()
  /** Counts a socket's whereabouts: a look-up that comes back late is not the last word. */
  #moves = new WeakMap<LiveSocket, number>()
  /** What sockets said before they were let in: looked at under the rights they have then. */
  #whereaboutsAhead = new WeakMap<LiveSocket, Whereabouts>()

  constructor(options: PublisherOptions) {
    this.#options = options
  }

  publish(officeId: Id, events: readonly OfficeEvent[]): void {
    const channel = this.#channels.get(officeId)
    if (!channel || events.length === 0) return
    channel.pending.push(...events)
    if (channel.isFlushing) return
    channel.isFlushing = true
    this.#task(officeId, channel, () => this.#flush(officeId, channel))
  }

  /**
   * Lets a socket in: it is answered with what follows its last number up to what has gone out to the others, under its member's rights
   * as they are now, and from then on gets every delivery and who is where.
   */
  admit(socket: LiveSocket, since: number, answer: (caught: CatchUp) => void): void {
    const { officeId } = socket.data.actor
    const channel = this.#channel(officeId)
    this.#task(officeId, channel, async () => {
      const { offices, store } = this.#options
      const before = socket.data.actor
      const actor = await offices.actor(officeId, before.memberId)
      if (!actor) return void signOut(socket)
      channel.sentTo ??= (await offices.find(officeId))?.number ?? 0
      const caught = await catchUp({ store, offices }, actor, since, channel.sentTo)
      if (!socket.connected) return
      socket.data.actor = actor
      channel.sockets.add(socket)
      this.#options.visits.came(officeId, actor.memberId)
      if (groupOf(before) !== groupOf(actor)) void socket.leave(groupOf(before))
      void socket.join(groupOf(actor))
      answer(caught)
      const here = channel.presence.dossiers().flatMap((id) => presenceFor(channel, id, actor) ?? [])
      if (here.length > 0) socket.emit('presence', here)
      const at = this.#whereaboutsAhead.get(socket)
      this.#whereaboutsAhead.delete(socket)
      if (at) this.whereabouts(socket, at)
    })
  }

  left(socket: LiveSocket): void {
    const { officeId } = socket.data.actor
    const channel = this.#channels.get(officeId)
    if (!channel) return
    const wasIn = channel.sockets.delete(socket)
    const { memberId } = socket.data.actor
    const isLast = ![...channel.sockets].some(({ data }) => data.actor.memberId === memberId)
    if (wasIn && isLast) this.#options.visits.left(officeId, memberId, channel.sentTo ?? 0)
    this.#showPresence(channel, channel.presence.leave(socket.id))
    this.#forgetIfIdle(officeId, channel)
  }

  /** Somebody is on a dossier now (which they must be allowed to see), or on none. */
  whereabouts(socket: LiveSocket, at: Whereabouts): void {
    const { officeId, memberId } = socket.data.actor
    const channel = this.#channels.get(officeId)
    if (!channel?.sockets.has(socket)) return void this.#whereaboutsAhead.set(socket, at)
    const move = (this.#moves.get(socket) ?? 0) + 1
    this.#moves.set(socket, move)
    if (!at) return this.#showPresence(channel, channel.presence.leave(socket.id))
    this.#options.store.rowsOf(officeId, [at.dossierId]).then(
      ([row]) => {
        if (!row || !maySee(socket.data.actor, row) || !socket.connected || this.#moves.get(socket) !== move) return
        this.#showPresence(channel, channel.presence.enter(socket.id, at.dossierId, row, { memberId, place: at.place }))
      },
      (error: unknown) => this.#options.log.warn({ err: error }, 'a whereabouts was not taken'),
    )
  }

  /** Others than before are on a dossier on other nodes. */
  heardPeople(officeId: Id, dossierId: Id): void {
    const channel = this.#channels.get(officeId)
    if (!channel) return
    const { store, abroad, log } = this.#options
    store.rowsOf(officeId, [dossierId]).then(
      ([row]) => {
        if (!row) return
        // as it is by now
        channel.presence.setAbroad(dossierId, row, abroad.people(officeId, dossierId))
        this.#showPresence(channel, [dossierId])
      },
      (err: unknown) => log.warn({ err }, 'who is on a dossier elsewhere was not taken'),
    )
  }

  /** Resolves when everything published so far has gone out. */
  async settled(): Promise<void> {
    await Promise.all([...this.#channels.values()].map((c) => c.tasks))
  }

  #channel(officeId: Id): Channel {
    let channel = this.#channels.get(officeId)
    if (!channel) {
      channel = {
        officeId,
        sockets: new Set(),
        pending: [],
        tasks: Promise.resolve(),
        isFlushing: false,
        lastFlush: 0,
        sentTo: null,
        presence: new PresenceBook(),
      }
      this.#channels.set(officeId, channel)
      for (const dossierId of this.#options.abroad.visited(officeId)) this.heardPeople(officeId, dossierId)
    }
    return channel
  }

  #forgetIfIdle(officeId: Id, channel: Channel): void {
    if (channel.sockets.size === 0 && !channel.isFlushing && this.#channels.get(officeId) === channel) this.#channels.delete(officeId)
  }

  #task(officeId: Id, channel: Channel, task: () => Promise<void>): void {
    channel.tasks = channel.tasks.then(task).catch((error: unknown) => {
      // the log is the truth: everybody comes back and asks for what they missed
      this.#options.log.error({ err: error }, 'a delivery failed')
      for (const socket of channel.sockets) socket.disconnect(true)
      this.#channels.delete(officeId)
    })
  }

  async #flush(officeId: Id, channel: Channel): Promise<void> {
    const waitMs = channel.lastFlush + gatherMs - performance.now()
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs))
    channel.lastFlush = performance.now()
    channel.isFlushing = false
    // what another process committed may have been read by two who noticed it
    let sent = channel.sentTo ?? 0
    const events = channel.pending.splice(0).filter((e) => e.n > sent && (sent = e.n) > 0)
    const last = events.at(-1)
    if (last) {
      await this.#deliver(officeId, channel, events)
      channel.sentTo = last.n
    }
    this.#forgetIfIdle(officeId, channel)
  }

  async #deliver(officeId: Id, channel: Channel, events: OfficeEvent[]): Promise<void> {
    if (events.some((e) => isFrameEvent(e) || movesReach(e))) await this.#moveActors(channel, events)
    const rowsOf = (ids: readonly Id[]) => this.#options.store.rowsOf(officeId, ids)
    if (events.some(isForFew)) {
      for (const socket of channel.sockets) socket.emit('delivery', await deliveryFor(socket.data.actor, events, rowsOf))
    } else {
      const groups = new Map<string, Actor>()
      for (const { data } of channel.sockets) groups.set(groupOf(data.actor), data.actor)
      for (const [group, actor] of groups) {
        // encoded once for everybody of equal reach
        this.#options.io.to(group).emit('delivery', await deliveryFor(actor, events, rowsOf))
      }
    }
    this.#moveVisitors(channel, crossings(events))
  }

  /** After a change of somebody's reach: their sockets get their own delivery, which drops what is lost and has them fetch what is gained. */
  async #moveActors(channel: Channel, events: readonly OfficeEvent[]): Promise<void> {
    const moved: [socket: LiveSocket, before: Actor, after: Actor][] = []
    for (const socket of channel.sockets) {
      const before = socket.data.actor
      const after = await this.#options.offices.actor(before.officeId, before.memberId)
      if (!after) signOut(socket)
      else if (sameSight(before, after)) socket.data.actor = after
      else moved.push([socket, before, after])
    }
    const spreadMs = moved.length > manySockets ? Math.min(longestSpreadMs, moved.length * spreadForEachMs) : 0
    for (const [socket, before, after] of moved) {
      socket.data.actor = after
      await socket.leave(groupOf(before))
      socket.emit('delivery', reachDelivery(after, events, spreadMs))
      await socket.join(groupOf(after))
      const changes = channel.presence.dossiers().flatMap((id) => {
        const { access } = channel.presence.people(id)
        return presenceFor(channel, id, after) ?? (access && maySee(before, access) ? { dossierId: id, people: [] } : [])
      })
      if (changes.length > 0) socket.emit('presence', changes)
    }
    this.#showPresence(channel, channel.presence.dossiers())
  }

  /** Presence follows the access: who lost a dossier is no longer on it, and no longer sees who is. */
  #moveVisitors(channel: Channel, touched: ReturnType<typeof crossings>): void {
    for (const [dossierId, { before, after }] of touched) {
      const isVisited = channel.presence.accessChanged(dossierId, after).length > 0
      if (!before || !isVisited || sameAccess(before, after)) continue
      const lost = new Set<string>()
      for (const { data } of channel.sockets) if (maySee(data.actor, before) && !maySee(data.actor, after)) lost.add(groupOf(data.actor))
      for (const group of lost) this.#options.io.to(group).emit('presence', [{ dossierId, people: [] }])
      this.#showPresence(channel, [dossierId])
    }
  }

  #showPresence(channel: Channel, dossierIds: readonly Id[]): void {
    if (dossierIds.length === 0) return
    for (const id of dossierIds) {
      evictUnseen(channel, id)
      this.#options.abroad.tellPeople(channel.officeId, id, channel.presence.here(id))
    }
    const byGroup = new Map<string, Presence[]>()
    for (const socket of channel.sockets) {
      const group = groupOf(socket.data.actor)
      if (byGroup.has(group)) continue
      byGroup.set(
        group,
        dossierIds.flatMap((id) => presenceFor(channel, id, socket.data.actor) ?? []),
      )
    }
    for (const [group, changes] of byGroup) if (changes.length > 0) this.#options.io.to(group).emit('presence', changes)
    for (const id of dossierIds) channel.presence.prune(id)
  }
}

/** Sends whoever is behind this socket back to the sign-in. */
export function signOut(socket: LiveSocket): void {
  socket.emit('signedOut')
  socket.disconnect(true)
}

/** For a member whose reach these events changed: the frame as it is now, what they lost, and that they fetch the rest. */
function reachDelivery(actor: Actor, events: readonly OfficeEvent[], spreadMs: number): Delivery {
  const gone = [...crossings(events)].flatMap(([dossierId, { after }]): DeliveryItem[] =>
    maySee(actor, after) ? [] : [{ kind: 'gone', dossierId }],
  )
  const resync: DeliveryItem = { kind: 'resync', reach: true, spreadMs }
  return { from: events[0]?.n ?? 0, to: events.at(-1)?.n ?? 0, items: [...frameItems(events), ...gone, resync] }
}

function evictUnseen(channel: Channel, dossierId: Id): void {
  const access: Access | null = channel.presence.people(dossierId).access
  if (!access) return
  for (const socket of channel.sockets) {
    if (!maySee(socket.data.actor, access) && channel.presence.socketsOn(dossierId).includes(socket.id)) channel.presence.leave(socket.id)
  }
}

function presenceFor(channel: Channel, dossierId: Id, actor: Actor): Presence | null {
  const { access, people } = channel.presence.people(dossierId)
  return access && maySee(actor, access) ? { dossierId, people } : null
}

/** The room of everybody who gets the very same deliveries. */
function groupOf(actor: Actor): string {
  return actor.seesAll ? `office/${actor.officeId}/all` : `office/${actor.officeId}/member/${actor.memberId}`
}
