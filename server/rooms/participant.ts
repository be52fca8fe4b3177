import type { Id } from '#shared/contracts/ids.ts'
import type { CloseCode } from '#shared/contracts/notes-wire.ts'
import type { Person } from './carets.ts'

/** Whose updates a channel carries, and by what right. */
export interface Writer {
  readonly memberId: Id
  /** Client ids issued to this member for this note, as far as is known: another tab may have got one since. */
  own: ReadonlySet<number>
  /** Its editor has another version of the schema. */
  readonly isOutdated: boolean
  /** It may only read, whatever the right says: it is outdated, or has no client id. */
  readonly onlyReads: boolean
  mayWrite: boolean
  /** The fence under which the right was judged. */
  fence: number
}

/** One open channel, as its room sees it. */
export interface Participant {
  readonly clientId: number
  readonly person: Person
  readonly writer: Writer
  /** Its step 1 was answered. Before, it gets no updates: they are in that answer, and without what they build on would hang in its document. */
  readonly inStep: boolean
  /** Sends the answer to its step 1; from now on it is in step. */
  answer(messages: readonly Uint8Array[]): void
  /** Sends one y-protocols message. */
  send(message: Uint8Array): void
  /** The first `frames` sync frames of this channel are stored. */
  stored(frames: number): void
  /** The kept states of the note are others now. */
  tellVersions(): void
  /** Closes it from the server's side; nothing happens where it is closed already. */
  close(code: CloseCode, reason: string): void
}
