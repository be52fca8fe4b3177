import type { ChangeOwnerOfSelection, Dossier, DossierChanged, FieldChanges, MoveSelection } from '#shared/contracts/dossier.ts'
import type { Id } from '#shared/contracts/ids.ts'
import type { Refusal } from '#shared/contracts/refusals.ts'
import { can } from '#shared/domain/access.ts'
import { type Judge, ownerJudge, stageJudge } from '#shared/domain/selection.ts'
import type { Context, Decision } from './context.ts'
import { differing, refuseOvertaken, write } from './dossier.ts'
import { refusedOf, type Refused } from './refused.ts'

/** S0.5, S4.9: many to another stage in one go. */
export async function moveStage(context: Context, { dossierIds, stageId }: MoveSelection): Decision {
  const { view, actor, now } = context
  if (!view.frame.stages.some((stage) => stage.id === stageId)) return { code: 'notFound', what: 'stage' }
  return onEach(context, dossierIds, 'dossier.stageMoved', stageJudge(actor, view.frame, stageId, now))
}

/** S0.5, S0.3: many to another owner or division in one go. */
export async function changeOwner(context: Context, { dossierIds, ...to }: ChangeOwnerOfSelection): Decision {
  const { owners, divisions } = context.view.frame
  if (to.ownerId && !owners.some((owner) => owner.id === to.ownerId)) return { code: 'notFound', what: 'owner' }
  if (to.divisionId && !divisions.some((division) => division.id === to.divisionId)) return { code: 'notFound', what: 'division' }
  return onEach(context, dossierIds, 'dossier.ownerChanged', ownerJudge(context.actor, context.view.frame, to))
}

/**
 * All or nothing: each is judged by itself, and only when none is refused are they written, as one event. One that is named twice
 * counts once; one that is as it shall be is passed over.
 */
async function onEach(context: Context, dossierIds: readonly Id[], type: DossierChanged['type'], judge: Judge): Decision {
  const { view, actor } = context
  const found = await view.many('dossier', dossierIds)
  const refused: Refused[] = []
  const changed: { dossier: Dossier; changes: FieldChanges }[] = []
  for (const id of new Set(dossierIds)) {
    const dossier = found.get(id)
    // what one may not see is answered like what does not exist
    if (!dossier || !can(actor, 'dossier.read', dossier)) {
      refused.push({ number: '', refusal: { code: 'notFound', what: 'dossier' } })
      continue
    }
    const judged = await judgedNow(context, dossier, judge)
    if ('refusal' in judged) refused.push({ number: dossier.number, refusal: judged.refusal })
    else if (Object.keys(judged.changes).length > 0) changed.push({ dossier, changes: judged.changes })
  }
  if (refused[0]) return refusedOf(refused)
  if (changed.length === 0) return null
  const subjects = changed.map(({ dossier, changes }) => write(context, dossier, changes))
  context.emit({ type, subjects })
  return null
}

async function judgedNow(context: Context, dossier: Dossier, judge: Judge): Promise<{ changes: FieldChanges } | { refusal: Refusal }> {
  const judged = judge(dossier)
  if ('refusal' in judged) return judged
  const changes = differing(dossier, judged.fields)
  const refusal = await refuseOvertaken(context, dossier, changes)
  return refusal ? { refusal } : { changes }
}
