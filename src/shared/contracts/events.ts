import type { ClientCreated } from './client.ts'
import type { ClientEdited } from './client-edit.ts'
import type { CommentEvent } from './comment.ts'
import type { DivisionCreated, DivisionDeleted, DivisionRenamed } from './division.ts'
import type { DossierChanged, DossierChangeUndone, DossierCreated } from './dossier.ts'
import type { Id, Instant } from './ids.ts'
import type { DossiersImported, ImportUndone } from './import.ts'
import type { MemberChanged, MemberInvited, MemberPasswordEvent } from './member.ts'
import type { MentionSeen } from './mention.ts'
import type { OfficeCreated, SettingsChanged } from './office.ts'
import type { StagesChanged } from './stage.ts'
import type { TokenEvent } from './token.ts'

/** Everything that can have happened in an office. */
export type Happening =
  | OfficeCreated
  | SettingsChanged
  | StagesChanged
  | DivisionCreated
  | DivisionRenamed
  | DivisionDeleted
  | MemberInvited
  | MemberChanged
  | MemberPasswordEvent
  | ClientCreated
  | ClientEdited
  | DossierCreated
  | DossierChanged
  | DossierChangeUndone
  | DossiersImported
  | ImportUndone
  | TokenEvent
  | CommentEvent
  | MentionSeen

/** One numbered entry of the office's log. Numbers have no gaps. */
export interface Stamped {
  n: number
  at: Instant
  /** The member whose command it was. */
  by: Id
  commandId: Id
  /** The name of the token by which it was done; absent: they did it themselves. */
  via?: string
}
export type OfficeEvent = Happening & Stamped
