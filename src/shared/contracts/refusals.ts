import type { DossierField } from './dossier.ts'
import type { Id, Instant } from './ids.ts'

/** The closed list of reasons a command is refused. Each is shown to the person in their language (`refusal_<code>`). */
export type Refusal =
  /** What enters is not of the form: 422, with the field and what is allowed. */
  | { code: 'invalid'; issues: { field: string; reason: string }[] }
  /** Also the answer for another office's ids and for what the member may not see. */
  | { code: 'notFound'; what: 'dossier' | 'client' | 'owner' | 'division' | 'stage' | 'member' | 'change' }
  | { code: 'forbidden'; action: string }
  /** S0.3: the missing link, named: that owner is not in that division. `which` is the present or the next owner. */
  | { code: 'ownerNotInDivision'; which: 'present' | 'next'; ownerId: Id; ownerName: string; divisionId: Id; divisionName: string }
  /** S0.2: whoever has no entry in the directory chooses the owner. */
  | { code: 'ownerNeeded' }
  /** An abandoned dossier is resumed first (S4.3). */
  | { code: 'abandoned' }
  | { code: 'closed' }
  | { code: 'idTaken' }
  | { code: 'changedMeanwhile'; field: DossierField; memberId: Id; memberName: string; at: Instant }
  | { code: 'undoNotPossible'; reason: 'alreadyUndone' | 'notUndoable' }
  | { code: 'lastAdmin' }
  /** The same command id came with another body. */
  | { code: 'commandIdReused' }

export type RefusalCode = Refusal['code']
