import type { Id } from '#shared/contracts/ids.ts'
import { type NoteId, partsOf } from '#shared/contracts/note-id.ts'
import { close } from '#shared/contracts/notes-wire.ts'
import type { Connection } from './connection.ts'
import type { Environment, NoteRight } from './environment.ts'
import { judgeUnderFence } from './environment.ts'
import type { Seat } from './seat.ts'

/**
 * Judges the channels of the notes of these dossiers, and of the comments on them, again. Whoever may not read, or not write, any more is
 * closed with 4403 (and comes back to read); whoever may write now comes back to do so. Where it cannot be judged the channel is closed, to
 * be judged when it comes back.
 */
export async function judgeOpenChannels(
  environment: Environment,
  connections: Iterable<Connection>,
  officeId: Id,
  dossierIds: readonly Id[] | 'all',
): Promise<void> {
  const concerned = dossierIds === 'all' ? null : new Set(dossierIds)
  const isConcerned = (note: NoteId) => !concerned || concerned.has(partsOf(note).dossierId)
  const seats: Seat[] = []
  for (const connection of connections) {
    if (connection.session.actor.officeId !== officeId) continue
    for (const opening of connection.openings) opening.isStale ||= isConcerned(opening.asked.note)
    seats.push(...connection.seats.filter((seat) => isConcerned(seat.room.note)))
  }
  const sameRight = Map.groupBy(seats, (seat) => `${seat.writer.memberId}/${seat.room.note}`)
  await Promise.all([...sameRight.values()].map((group) => judgeGroup(environment, group)))
}

async function judgeGroup(environment: Environment, seats: Seat[]): Promise<void> {
  const [first] = seats
  if (!first) return
  const { officeId, note } = first.room
  try {
    const right = await judgeUnderFence(environment, officeId, first.writer.memberId, note)
    for (const seat of seats) enforce(seat, right)
  } catch (error) {
    environment.log.error({ err: error, officeId, note }, 'a right could not be judged')
    for (const seat of seats) seat.close(close.again, 'not available')
  }
}

function enforce(seat: Seat, { read, write, fence }: NoteRight & { fence: number }): void {
  const { writer, room } = seat
  if (!read || (writer.mayWrite && !write)) room.withdraw(seat)
  else if (write && !writer.mayWrite && !writer.onlyReads) seat.close(close.again, 'may write now')
  else writer.fence = fence
}
