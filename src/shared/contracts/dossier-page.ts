import type { Client } from './client.ts'
import type { Dossier, FieldChanges } from './dossier.ts'
import type { OfficeEvent } from './events.ts'
import type { Id, Instant } from './ids.ts'

/** Answer of `GET /api/v1/dossiers/<id>`: what the dossier's page shows beyond the slim row. */
export interface DossierPage {
  dossier: Dossier
  client: Client
  history: HistoryEntry[]
}

/** One change in a dossier's history (L4): author, time, what it was before and is after. Newest first. */
export interface HistoryEntry {
  n: number
  at: Instant
  by: Id
  commandId: Id
  /** The token by which it was done. */
  via?: string
  type: OfficeEvent['type']
  /** Empty for the creation and the import. */
  fields: FieldChanges
  /** The number of the event this one took back. */
  undoes?: number
  /** The comment it is about; what was done to it is said by the type. */
  commentId?: Id
}
