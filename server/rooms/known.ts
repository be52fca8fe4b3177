import type * as Y from 'yjs'

/** What an update is made of, in Yjs' own form. */
export type Struct = Y.Item | Y.GC | Y.Skip
/** What an update deletes. */
export type DeleteSet = ReturnType<typeof Y.decodeUpdateV2>['ds']

/** What holds things: a text itself, an element by its name, or a run of text; null: what was collected, and holds nothing. */
export type Holder = { kind: 'root' } | { kind: 'element'; name: string } | { kind: 'text' } | null

/** Where something stands: how many elements deep (1: in a text itself), as which attribute (null: in a row with others), in what. */
export interface Place {
  depth: number
  key: string | null
  holder: Holder
  /** Which one that is: the address of its own struct, or the text's name; null: what was collected stands in nothing. */
  parent: string | null
  /** What it is itself, to what stands in it. */
  self: Holder
}

/** What a room knows: what is committed, and what is queued to be. */
export interface Known {
  /** The next clock of this client id: 0 when nothing of it is known. */
  clock(client: number): number
  /** Where what is known under this id stands. */
  place(client: number, clock: number): Place
  /** Is everything in this range known and already deleted? */
  isDeleted(client: number, clock: number, length: number): boolean
}
