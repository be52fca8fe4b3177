import type { Access, ChangeOwnerOfSelection, DossierFields } from '../contracts/dossier.ts'
import type { Id, Instant } from '../contracts/ids.ts'
import type { Frame } from '../contracts/office.ts'
import type { Refusal } from '../contracts/refusals.ts'
import { type Actor, can } from './access.ts'
import { refuseTransfer } from './ownership.ts'
import { moveStage } from './pipeline.ts'

/** What a change to one of many would set (also where it is so already), or why it is refused. */
export type Judged = { fields: Partial<DossierFields> } | { refusal: Refusal }
type Judgeable = Access & Pick<DossierFields, 'stageId' | 'stageSince' | 'status'>
/** Judges one of the selected: the same for the server that decides and for the screen that says beforehand who is refused. */
export type Judge = (dossier: Judgeable) => Judged

/** S4.9 for each of many. */
export function stageJudge(actor: Actor, frame: Pick<Frame, 'stages'>, stageId: Id, now: Instant): Judge {
  return (dossier) => {
    if (!can(actor, 'dossier.moveStage', dossier)) return { refusal: { code: 'forbidden', action: 'dossier.moveStage' } }
    return moveStage(frame.stages, dossier, stageId, now)
  }
}

/** S0.3, S0.5 for each of many: undefined leaves its owner or division as it is, null is "none". */
export function ownerJudge(actor: Actor, frame: Frame, to: Pick<ChangeOwnerOfSelection, 'ownerId' | 'divisionId'>): Judge {
  return (dossier) => {
    if (!can(actor, 'dossier.changeOwner', dossier)) return { refusal: { code: 'forbidden', action: 'dossier.changeOwner' } }
    const { ownerId = dossier.ownerId, divisionId = dossier.divisionId } = to
    const refusal = refuseTransfer(frame, { from: dossier, to: { ownerId, divisionId } })
    return refusal ? { refusal } : { fields: { ownerId, divisionId } }
  }
}
