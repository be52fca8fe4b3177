import type { AppendResult } from '../store/store.ts'
import type { Participant } from './participant.ts'

/** A sync frame on its way into the log. */
export interface WaitingUpdate {
  kind: 'update'
  from: Participant
  /** Its number among the sync frames of its channel. */
  frame: number
  /** As it came: what it is judged by again, since what it brings depends on what else is queued. */
  received: Uint8Array
  /** What is not known yet of it, and is appended. */
  bytes: Uint8Array
  /** Not fresh: nothing is appended, but it is called stored only after everything before it is. */
  fresh: boolean
  seq: number
}

/** The answer to a step 1: it holds what waits before it, and so goes out when that is stored. */
export interface WaitingAnswer {
  kind: 'answer'
  from: Participant
  /** What the client holds. */
  vector: Uint8Array
  messages: readonly Uint8Array[]
}

/** What waits in a room, in order. */
export type Waiting = WaitingUpdate | WaitingAnswer

export const isAnswer = (waiting: Waiting): waiting is WaitingAnswer => waiting.kind === 'answer'
export const isAppend = (waiting: Waiting): waiting is WaitingUpdate => waiting.kind === 'update' && waiting.fresh

/** How many from the first on are stored (those with nothing to store included), and what became of the next. */
export function split(flying: readonly Waiting[], results: readonly AppendResult[]): { stored: number; result: AppendResult } {
  let next = 0
  for (const [index, waiting] of flying.entries()) {
    const result = isAppend(waiting) ? (results[next++] ?? 'raced') : 'stored'
    if (result !== 'stored') return { stored: index, result }
  }
  return { stored: flying.length, result: 'stored' }
}
