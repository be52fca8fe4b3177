import type { Happening } from '#shared/contracts/events.ts'
import type { Id, Instant } from '#shared/contracts/ids.ts'
import type { Refusal } from '#shared/contracts/refusals.ts'
import type { Actor } from '#shared/domain/access.ts'
import type { View } from './view.ts'

/** What a command's handler works with. */
export interface Context {
  view: View
  actor: Actor
  now: Instant
  commandId: Id
  /** A new id for a record that comes along. */
  newId: () => Id
  /** The log number the sender's screen stood at; undefined: they do not say, so nothing is checked. */
  seen: number | undefined
  emit(happening: Happening): void
}

/** Null: accepted. */
export type Decision = Promise<Refusal | null>
