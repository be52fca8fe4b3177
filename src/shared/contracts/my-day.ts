import { z } from 'zod'
import type { HistoryEntry } from './dossier-page.ts'
import { Id, type Instant } from './ids.ts'

/** Up to which number of the log, and until when, a member was here last. The id is the member's. */
export interface Visit {
  id: Id
  n: number
  at: Instant
}

/** What others did to one of the member's dossiers, newest first. */
export interface DossierChanges {
  dossierId: Id
  entries: HistoryEntry[]
}

/** Answer of `GET /api/v1/my-day`: what changed since the member was last here. */
export interface MyDayChanges {
  /** Null: never before. */
  since: { n: number; at: Instant } | null
  /** The number of the log that this answer covers everything up to. */
  at: number
  /** Dossiers with the newest change first. */
  changes: DossierChanges[]
  /** There was more than is shown. */
  more: boolean
}

/** `POST /api/v1/my-day/seen`: everything up to this number was seen. */
export const MarkSeen = z.strictObject({ n: z.number().int().nonnegative() })

/** How many changes my day shows at most. */
export const mostChanges = 200
