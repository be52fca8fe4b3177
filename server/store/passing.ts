/**
 * What is so only as long as somebody is there: who is on a dossier, where a caret stands. Each node says its own and hears of the others';
 * none of it is kept.
 */
export interface Said {
  /** Who says it: a node, by the id it gave itself when it started. */
  node: string
  /** What it is about; of one node each is said once. Empty: that the node is alive. */
  subject: string
  /** JSON; null: it is not so any more. */
  value: string | null
}

/** How nodes say to one another what passes. */
export interface Passing {
  /** Says these; what is said last of a subject holds. Rejects where it could not be said. */
  say(said: readonly Said[]): Promise<void>
  /** Says that a node is alive. True: nobody knew, and what it said before is forgotten. */
  beat(node: string): Promise<boolean>
  /** Everything that was said and holds. */
  all(): Promise<Said[]>
  /** Forgets everything a node has said. */
  forget(node: string): Promise<void>
  close(): Promise<void>
}

/** Told of what any node says, this one included. `lost`: some of it was missed. */
export interface PassingHeard {
  said(said: Said): void
  lost(): void
}
