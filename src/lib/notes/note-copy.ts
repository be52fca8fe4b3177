import type { NoteGrant } from '#shared/contracts/notes-wire.ts'

/** What lies of a text in this browser. */
export interface KeptNote {
  epoch: number
  mayWrite: boolean
  /** All of it that makes up the text, in no order. */
  updates: Uint8Array[]
  /** Something among them was typed here and is not known to be stored by the server. */
  isWaiting: boolean
  /** Typed here and never to be sent. */
  stranded: Uint8Array[]
  /** Something could not be read: what is left is no text. */
  isDamaged: boolean
}

/** - `full`: the browser takes no more; `failed`: it could not be written for another reason */
export type CopyFault = 'full' | 'failed'

/** A text's place in this browser: what a session needs of it. No method rejects, and none makes who types wait. */
export interface NoteCopy {
  /** Null: nothing is here. */
  read(): Promise<KeptNote | null>
  /** How many client ids the server should give ahead. */
  missingIds(): Promise<number>
  /** The server let in; from here on what is kept is of this epoch. What waits under another one is stranded. */
  granted(grant: NoteGrant): Promise<void>
  /** Takes a client id for good, before a document is made under it. Null: there is none left. */
  takeClientId(): Promise<number | null>
  /** Keeps an update soon; `isWaiting`: it was made here. `whole`: the text as one update, asked for where many have gathered. */
  keep(update: Uint8Array, isWaiting: boolean, whole: () => Uint8Array): void
  /** Writes what was to be kept soon: the tab may be about to go. */
  flush(): Promise<void>
  /** The server has stored everything that was made here. */
  allSaved(): void
  /** What waits will never be taken: it is kept to be copied out. Returns all that is. */
  strand(): Promise<Uint8Array[]>
  /** The same, and nothing else of the text stays: it is another one now, or cannot be read. */
  putAside(): Promise<Uint8Array[]>
  /** Removes what is stranded. */
  dropStranded(): Promise<void>
  /** Everything is written, as far as it can be. */
  readonly isKept: boolean
  readonly fault: CopyFault | null
  /** Called when `isKept` or the fault changed. */
  onKept: () => void
  /** The right went away: nothing of the dossier stays here. */
  erase(): Promise<void>
  /** Writes what is left, and lets go. */
  close(): void
}
