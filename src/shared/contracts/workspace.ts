import type { DossierRow } from './dossier.ts'
import type { OfficeEvent } from './events.ts'
import type { Id } from './ids.ts'
import type { Frame } from './office.ts'

/** One thing a screen applies. */
export type DeliveryItem =
  /** Visible before and after: what happened. A bulk event holds only the subjects this member may see. */
  | { kind: 'event'; event: OfficeEvent }
  /** Newly visible: the row as it stands. `by` and `commandId` tell whose doing it was, where known. */
  | { kind: 'row'; row: DossierRow; by?: Id; commandId?: Id }
  /** No longer visible. */
  | { kind: 'gone'; dossierId: Id }
  /** So much is new that it is fetched afresh (`GET /api/v1/workspace`). `reach`: because this member's reach changed. */
  | { kind: 'resync'; reach: boolean; spreadMs: number }

/** Covers the numbers `from` to `to` of the office's log, both included; items only for what this member may see. */
export interface Delivery {
  from: number
  to: number
  items: DeliveryItem[]
}

/** Answer to "what follows my last number?". `snapshot`: too far back, or the reach changed in between. */
export type CatchUp = { kind: 'deliveries'; deliveries: Delivery[] } | { kind: 'snapshot' }

/** What a screen opens with: the frame, rows that stand outside the chunks or are newer, and where the chunks are. */
export interface WorkspaceManifest {
  /** The log number all of this, chunks included, amounts to. */
  at: number
  memberId: Id
  frame: Frame
  /** Fetched from `/api/v1/workspace/chunks/<key>/<at>`, each a `Columns`. */
  chunks: { key: string; at: number; rows: number }[]
  /** Newer than the chunks, or visible outside them. */
  rows: DossierRow[]
  /** In a chunk, but no longer visible to this member. */
  gone: Id[]
}

/** Rows by column: a third of the bytes of objects. Every array has one entry a row. */
export type Columns = { [F in keyof DossierRow]: DossierRow[F][] }
