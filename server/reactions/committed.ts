import type { OfficeEvent } from '#shared/contracts/events.ts'
import type { Id } from '#shared/contracts/ids.ts'
import type { CopyKeys } from '../copies/copy-keys.ts'
import { accessMoved, movesReach } from '../gateway/filter.ts'
import type { Log } from '../log.ts'
import type { NotesServer } from '../rooms/notes-server.ts'
import type { Erasures } from './erasures.ts'

export interface ReactionsOptions {
  erasures: Pick<Erasures, 'run'>
  copies: Pick<CopyKeys, 'committed'>
  notes: Pick<NotesServer, 'accessChanged' | 'readForSearches'>
  endSessionsOf: (officeId: Id, memberId: Id) => Promise<void>
  log: Log
}

/**
 * What follows a commit besides the screens that are told: texts of deleted comments go, who is deactivated is signed out, keys of copies and
 * open notes are judged again where the access moved, imported notes are read for searches. Nothing waits for it; what fails is logged.
 */
export function createReactions({ erasures, copies, notes, endSessionsOf, log }: ReactionsOptions) {
  const orSay = (done: Promise<unknown>, what: string): void => void done.catch((err: unknown) => log.error({ err }, what))

  return (officeId: Id, events: readonly OfficeEvent[]): void => {
    for (const event of events) {
      if (event.type === 'comment.deleted') erasures.run(officeId)
      // who is let in again begins without the sessions of before, should a crash have kept them
      if (event.type === 'member.changed' && event.fields.state?.includes('deactivated'))
        orSay(endSessionsOf(officeId, event.memberId), 'sessions of a member could not be ended')
    }
    // their notes were written beside the rooms
    if (events.some(({ type }) => type === 'dossier.imported')) void notes.readForSearches(officeId)
    orSay(copies.committed(officeId, events), 'keys of copies could not be judged again')
    const moved = events.some(movesReach) ? 'all' : accessMoved(events)
    if (moved.length > 0) orSay(notes.accessChanged(officeId, moved), 'open notes could not be judged again')
  }
}
