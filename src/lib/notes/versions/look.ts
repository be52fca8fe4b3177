import * as Y from 'yjs'
import type { Instant } from '#shared/contracts/ids.ts'

/** What stood in a note when somebody began to look at its versions. */
export interface Look {
  at: Instant
  clocks: Map<number, number>
}

export function lookAt(doc: Y.Doc): Look {
  return { at: Date.now(), clocks: Y.decodeStateVector(Y.encodeStateVector(doc)) }
}
