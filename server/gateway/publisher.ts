import type { Access } from '#shared/contracts/dossier.ts'
import type { OfficeEvent } from '#shared/contracts/events.ts'
import type { Id } from '#shared/contracts/ids.ts'
import type { Presence, Whereabouts } from '#shared/contracts/socket.ts'
import { type Actor, maySee } from '#shared/domain/access.ts'
import type { Log } from '../log.ts'
import type { Offices } from '../queries/offices.ts'
import type { Store } from '../store/store.ts'
import { crossings, deliveryFor, sameSight } from './filter.ts'
import type { LiveServer, LiveSocket } from './live-socket.ts'
import { PresenceBook } from './presence.ts'

/** Under load deliveries gather for this long; while nothing waits they go out at once. */
const gatherMs = 10
/** From this many sockets on, a change that concerns all of them is fetched after a random pause. */
const manySockets = 20

interface Channel {
  sockets: Set<LiveSocket>
  pending: OfficeEvent[]
  flushing: Promise<void> | null
  lastFlush: number
  presence: PresenceBook
}

interface PublisherOptions {
  io: LiveServer
  store: Store
  offices: Offices
  log: Log
}

/** Brings what was committed, and who is where, to the sockets of those who may see it. */
export class Publisher {
  #options: PublisherOptions
  #channels = new Map<Id, Channel>()

  constructor(options: PublisherOptions) {
    this.#options = options
  }

  publish(officeId: Id, events: readonly OfficeEvent[]): void {
    const channel = this.#channels.get(officeId)
    if (!channel || events.length === 0) return
    channel.pending.push(...events)
    channel.flushing ??= this.#flush(officeId, channel)
  }

  /** From now on this socket gets deliveries and presence; it gets at once who is where. */
  join(socket: LiveSocket): void {
    if (!socket.connected) return
    const { actor } = socket.data
    const channel = this.#channel(actor.officeId)
    channel.sockets.add(socket)
    void socket.join(groupOf(actor))
    const here = channel.presence.dossiers().flatMap((id) => presenceFor(channel, id, actor) ?? [])
    if (here.length > 0) socket.emit('presence', here)
  }

  left(socket: LiveSocket): void {
    const { officeId } = socket.data.actor
    const channel = this.#channels.get(officeId)
    if (!channel) return
    channel.sockets.delete(socket)
    this.#showPresence(channel, channel.presence.leave(socket.id))
    if (channel.sockets.size === 0 && channel.flushing === null) this.#channels.delete(officeId)
  }

  /** Somebody is on a dossier now (which they must be allowed to see), or on none. */
  whereabouts(socket: LiveSocket, at: Whereabouts): void {
    const { actor } = socket.data
    const channel = this.#channel(actor.officeId)
    if (!at) return this.#showPresence(channel, channel.presence.leave(socket.id))
    this.#options.store.rowsOf(actor.officeId, [at.dossierId]).then(
      ([row]) => {
        if (!row || !maySee(socket.data.actor, row) || !socket.connected) return
        const somebody = { memberId: actor.memberId, place: at.place }
        this.#showPresence(channel, channel.presence.enter(socket.id, at.dossierId, row, somebody))
      },
      (error: unknown) => this.#options.log.warn({ err: error }, 'a whereabouts was not taken'),
    )
  }

  /** Resolves when everything published so far has gone out. */
  async settled(): Promise<void> {
    await Promise.all([...this.#channels.values()].map((c) => c.flushing))
  }

  #channel(officeId: Id): Channel {
    let channel = this.#channels.get(officeId)
    if (!channel) {
      channel = { sockets: new Set(), pending: [], flushing: null, lastFlush: 0, presence: new PresenceBook() }
      this.#channels.set(officeId, channel)
    }
    return channel
  }

  async #flush(officeId: Id, channel: Channel): Promise<void> {
    try {
      while (channel.pending.length > 0) {
        const waitMs = channel.lastFlush + gatherMs - performance.now()
        if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs))
        channel.lastFlush = performance.now()
        await this.#deliver(officeId, channel, channel.pending.splice(0))
      }
    } catch (error) {
      // the log is the truth: who missed this delivery sees a hole at the next one
      this.#options.log.error({ err: error }, 'a delivery failed')
    } finally {
      channel.flushing = null
    }
    if (channel.pending.length > 0) channel.flushing = this.#flush(officeId, channel)
  }

  async #deliver(officeId: Id, channel: Channel, events: OfficeEvent[]): Promise<void> {
    if (events.some((e) => e.type === 'office.settingsChanged' || e.type === 'member.changed')) await this.#moveActors(channel, events)
    const rowsOf = (ids: readonly Id[]) => this.#options.store.rowsOf(officeId, ids)
    const groups = new Map<string, Actor>()
    for (const { data } of channel.sockets) groups.set(groupOf(data.actor), data.actor)
    for (const [group, actor] of groups) {
      // encoded once for everybody of equal reach
      this.#options.io.to(group).emit('delivery', await deliveryFor(actor, events, rowsOf))
    }
    this.#moveVisitors(channel, crossings(events))
  }

  /** After a change of somebody's reach: their sockets get their own delivery, which drops what is lost and has them fetch what is gained. */
  async #moveActors(channel: Channel, events: readonly OfficeEvent[]): Promise<void> {
    const { offices } = this.#options
    const spreadMs = channel.sockets.size > manySockets ? 5_000 : 0
    const to = events.at(-1)?.n ?? 0
    for (const socket of channel.sockets) {
      const before = socket.data.actor
      const after = await offices.actor(before.officeId, before.memberId)
      if (!after) {
        socket.emit('signedOut')
        socket.disconnect(true)
        continue
      }
      socket.data.actor = after
      if (sameSight(before, after)) continue
      await socket.leave(groupOf(before))
      const frame = events.flatMap((event) =>
        event.type === 'office.settingsChanged' || event.type === 'member.changed' ? [{ kind: 'event' as const, event }] : [],
      )
      const gone = [...crossings(events)].flatMap(([dossierId, { after: access }]) =>
        maySee(after, access) ? [] : [{ kind: 'gone' as const, dossierId }],
      )
      socket.emit('delivery', { from: events[0]?.n ?? 0, to, items: [...frame, ...gone, { kind: 'resync', reach: true, spreadMs }] })
      await socket.join(groupOf(after))
    }
    this.#showPresence(channel, channel.presence.dossiers(), true)
  }

  /** Presence follows the access: who lost a dossier is no longer on it, and no longer sees who is. */
  #moveVisitors(channel: Channel, touched: ReturnType<typeof crossings>): void {
    const moved: Id[] = []
    for (const [dossierId, { after }] of touched) moved.push(...channel.presence.accessChanged(dossierId, after))
    this.#showPresence(channel, moved, true)
  }

  /** `lost`: somebody may have lost sight of these, and is told that nobody is there. */
  #showPresence(channel: Channel, dossierIds: readonly Id[], lost = false): void {
    if (dossierIds.length === 0) return
    for (const id of dossierIds) evictUnseen(channel, id)
    const byGroup = new Map<string, Presence[]>()
    for (const socket of channel.sockets) {
      const group = groupOf(socket.data.actor)
      if (byGroup.has(group)) continue
      byGroup.set(
        group,
        dossierIds.flatMap((id) => presenceFor(channel, id, socket.data.actor) ?? (lost ? { dossierId: id, people: [] } : [])),
      )
    }
    for (const [group, changes] of byGroup) if (changes.length > 0) this.#options.io.to(group).emit('presence', changes)
    for (const id of dossierIds) channel.presence.prune(id)
  }
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
