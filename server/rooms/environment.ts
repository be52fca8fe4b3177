import type { Id } from '#shared/contracts/ids.ts'
import type { NoteId } from '#shared/contracts/note-id.ts'
import type { CloseCode } from '#shared/contracts/notes-wire.ts'
import type { Log } from '../log.ts'
import type { Store } from '../store/store.ts'
import type { Clock } from './clock.ts'
import type { Abroad } from './company.ts'

/** What a member may do with a dossier's note, or somebody's comments on it, now. */
export interface NoteRight {
  read: boolean
  write: boolean
}

/** The rules, asked from outside: rooms do not know them. Answers for what is committed now; throws where it cannot tell. */
export type Judge = (officeId: Id, memberId: Id, note: NoteId) => Promise<NoteRight>

/** The methods of the storage port that notes need. */
export type NoteStore = Pick<
  Store,
  | 'note'
  | 'noteLengths'
  | 'appendNotes'
  | 'compactNote'
  | 'rebuildNote'
  | 'fence'
  | 'grantClient'
  | 'clientsOf'
  | 'get'
  | 'leaveNoTrace'
  | 'upToDate'
>

/** What everything about notes is given. */
export interface Environment {
  store: NoteStore
  judge: Judge
  log: Log
  clock: Clock
  /** Absent: there are no other nodes. */
  abroad?: Abroad
  /** Told of each channel, or socket, that is closed from this side. */
  onClosed?: (code: CloseCode) => void
}

/**
 * The right of a member, and the fence to append under. In this order: a withdrawal between the two makes the append
 * come back as `fenced`, while the other way round it would be stored.
 */
export async function judgeUnderFence(
  { store, judge }: Environment,
  officeId: Id,
  memberId: Id,
  note: Id,
): Promise<NoteRight & { fence: number }> {
  const fence = await store.fence(officeId, note)
  return { fence, ...(await judge(officeId, memberId, note)) }
}
