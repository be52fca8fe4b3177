import type * as Y from 'yjs'

/** What an update is made of, in Yjs' own form. */
export type Struct = Y.Item | Y.GC | Y.Skip
/** What an update deletes. */
export type DeleteSet = ReturnType<typeof Y.decodeUpdateV2>['ds']

/** Where something stands: how many elements deep (1: in the note itself), and as which attribute; null: in a row with others. */
export interface Place {
  depth: number
  key: string | null
}

/** What a room knows: what is committed, and what is queued to be. */
export interface Known {
  /** The next clock of this client id: 0 when nothing of it is known. */
  clock(client: number): number
  /** Where what is known under this id stands. */
  place(client: number, clock: number): Place
  /** Is everything in this range known and already deleted in the committed state? */
  isDeleted(client: number, clock: number, length: number): boolean
}
