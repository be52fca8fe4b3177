import type { Id } from './ids.ts'

/** An entry of the office's owner directory: linked to a member, or manual (a name without an account). */
export interface Owner {
  id: Id
  name: string
  memberId: Id | null
  /** Divisions of a manual entry; a linked one has those of its member. */
  divisionIds: Id[]
}
