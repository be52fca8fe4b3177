import type { CommitResult } from './store.ts'

type What = Extract<CommitResult, { kind: 'duplicate' }>['what']

/** Ends a commit: what it wanted to write is there already. Never leaves the store. */
export class Duplicate extends Error {
  override name = 'Duplicate'
  readonly what: What
  constructor(what: What) {
    super(`duplicate ${what}`)
    this.what = what
  }
}
