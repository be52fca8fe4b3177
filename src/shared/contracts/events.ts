import type { ClientCreated } from './client.ts'
import type { DossierChanged, DossierChangeUndone, DossierCreated, DossiersImported } from './dossier.ts'
import type { Id, Instant } from './ids.ts'
import type { MemberChanged } from './member.ts'
import type { OfficeCreated, SettingsChanged } from './office.ts'

/** Everything that can have happened in an office. */
export type Happening =
  OfficeCreated | SettingsChanged | MemberChanged | ClientCreated | DossierCreated | DossierChanged | DossierChangeUndone | DossiersImported

/** One numbered entry of the office's log. Numbers have no gaps. */
export interface Stamped {
  n: number
  at: Instant
  /** The member whose command it was. */
  by: Id
  commandId: Id
}
export type OfficeEvent = Happening & Stamped
