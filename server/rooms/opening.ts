import type { Id } from '#shared/contracts/ids.ts'
import { close, type CloseCode, noteSchema, type OpenChannel, readerClient } from '#shared/contracts/notes-wire.ts'
import type { Actor } from '#shared/domain/access.ts'
import type { Person } from './carets.ts'
import type { Environment } from './environment.ts'
import { judgeUnderFence } from './environment.ts'
import type { Writer } from './participant.ts'
import type { Registry } from './registry.ts'
import type { Room } from './room.ts'

/** A channel while it is being opened. */
export interface Opening {
  readonly asked: OpenChannel
  /** Somebody's access changed meanwhile: the right is to be judged again. */
  isStale: boolean
  /** The client left meanwhile. */
  isGone: boolean
}

/** Where a channel that may be opened takes its seat. */
export interface Place {
  room: Room
  person: Person
  writer: Writer
}
export interface Refused {
  code: CloseCode
  reason: string
}

/**
 * Checks that this member may open this channel, and gets the room. No more than the right to read is needed; to write, the client id
 * must be theirs as well; whoever has none reads. `take` is called in the same turn as the last check: nothing can be withdrawn in between.
 * Throws where the store or the rules fail: then nothing is known, and the client comes back.
 */
export async function openChannel(
  environment: Environment,
  registry: Registry,
  actor: Actor,
  opening: Opening,
  take: (place: Place) => void,
): Promise<Refused | null> {
  const refused = await open(environment, registry, actor, opening, take)
  if (refused?.code !== close.noRight && refused?.code !== close.foreignClient) return refused
  // for good only by what is certain: the store may be behind what this member was told
  await environment.store.upToDate(actor.officeId)
  return open(environment, registry, actor, opening, take)
}

async function open(
  environment: Environment,
  registry: Registry,
  actor: Actor,
  opening: Opening,
  take: (place: Place) => void,
): Promise<Refused | null> {
  const { officeId, memberId } = actor
  const { note, schema, clientId } = opening.asked
  const person = await personOf(environment, officeId, memberId)
  const right = await judgeUnderFence(environment, officeId, memberId, note)
  if (!person || !right.read) return { code: close.noRight, reason: 'no right' }
  const own = new Set(await environment.store.clientsOf(officeId, note, memberId))
  const isReader = clientId === readerClient
  if (!isReader && !own.has(clientId)) return { code: close.foreignClient, reason: 'not your client id' }
  const isOutdated = schema !== noteSchema
  const onlyReads = isReader || isOutdated
  const writer: Writer = { memberId, own, isOutdated, onlyReads, mayWrite: right.write && !onlyReads, fence: right.fence }
  const room = await registry.acquire(officeId, note)
  let isTaken = false
  try {
    return await enter(environment, opening, { room, person, writer }, (place) => {
      isTaken = true
      take(place)
    })
  } finally {
    if (!isTaken) registry.release(room)
  }
}

async function enter(environment: Environment, opening: Opening, place: Place, take: (place: Place) => void): Promise<Refused | null> {
  const { room, writer } = place
  while (opening.isStale) {
    opening.isStale = false
    const right = await judgeUnderFence(environment, room.officeId, writer.memberId, room.note)
    if (!right.read) return { code: close.noRight, reason: 'no right' }
    Object.assign(writer, { mayWrite: right.write && !writer.onlyReads, fence: right.fence })
  }
  // rebuilt on another node, of which this one has not heard yet
  if (room.epoch < opening.asked.epoch) await room.readOn()
  if (room.isBroken) return { code: close.again, reason: 'not available' }
  if (room.epoch !== opening.asked.epoch) return { code: close.otherEpoch, reason: 'the note was rebuilt' }
  if (!opening.isGone) take(place)
  return null
}

async function personOf({ store }: Environment, officeId: Id, memberId: Id): Promise<Person | null> {
  const member = await store.get(officeId, 'member', memberId)
  return member && { memberId, name: member.name, colour: member.colour }
}
