import type { DossierRow } from '#shared/contracts/dossier.ts'
import type { Id } from '#shared/contracts/ids.ts'
import { isOpen } from '#shared/domain/pipeline.ts'

/** How many dossiers stand in a stage, by what a change of the stages would do to them. */
export interface StageHolding {
  all: number
  open: number
  closed: number
  abandoned: number
}

export const emptyStage: StageHolding = { all: 0, open: 0, closed: 0, abandoned: 0 }

/** What each stage holds that holds anything. */
export function stageHoldings(rows: Iterable<Pick<DossierRow, 'stageId' | 'status'>>): Map<Id, StageHolding> {
  const holdings = new Map<Id, StageHolding>()
  for (const { stageId, status } of rows) {
    let holding = holdings.get(stageId)
    if (!holding) holdings.set(stageId, (holding = { ...emptyStage }))
    holding.all++
    if (isOpen(status)) holding.open++
    else if (status === 'closed') holding.closed++
    else holding.abandoned++
  }
  return holdings
}
