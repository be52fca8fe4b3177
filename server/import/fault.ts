import type { FaultReason } from '#shared/contracts/import-fault.ts'

/** A fault of one row, before it is known where that row stands. */
export interface CellFault {
  column: string
  reason: FaultReason
}
