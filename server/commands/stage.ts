import type { Dossier, FieldChanges, Subject } from '#shared/contracts/dossier.ts'
import type { Id } from '#shared/contracts/ids.ts'
import type { AddStage, EditStage, MakeClosingStage, PlaceStage, RemoveStage, Stage, StagesChanged } from '#shared/contracts/stage.ts'
import { can } from '#shared/domain/access.ts'
import { statusIn } from '#shared/domain/pipeline.ts'
import { type Staged, withClosing, withEdited, withoutStage, withPlaced, withStage } from '#shared/domain/stages.ts'
import type { Context, Decision } from './context.ts'
import { write } from './dossier.ts'

export async function add(context: Context, { stageId: id, names, usualDays, before }: AddStage): Decision {
  const { stages, office } = context.view.frame
  return restaged(context, 'added', id, withStage(stages, { id, names, usualDays }, before, office.language))
}

export async function edit(context: Context, { stageId, names, usualDays }: EditStage): Decision {
  const { stages, office } = context.view.frame
  return restaged(context, 'edited', stageId, withEdited(stages, stageId, { names, usualDays }, office.language))
}

export async function place(context: Context, { stageId, before }: PlaceStage): Decision {
  return restaged(context, 'placed', stageId, withPlaced(context.view.frame.stages, stageId, before))
}

/** S4.9: what stands in it is closed from now on, what stood in the one before is a client's again; what is abandoned stays so. */
export async function makeClosing(context: Context, { stageId }: MakeClosingStage): Decision {
  const old = context.view.frame.stages.find((s) => s.closing)
  return restaged(context, 'closingMoved', stageId, withClosing(context.view.frame.stages, stageId), async (stages) => {
    const subjects: Subject[] = []
    for (const stage of stages.filter((s) => s.id === stageId || s.id === old?.id)) {
      for (const dossier of await context.view.dossiersIn(stage.id)) {
        const status = statusIn(stage, dossier.status)
        if (status !== dossier.status) subjects.push(write(context, dossier, { status: [dossier.status, status] }))
      }
    }
    return subjects
  })
}

/** S4.9: what stands in it goes to another stage in the same step. */
export async function remove(context: Context, { stageId, moveTo }: RemoveStage): Decision {
  const { view } = context
  const staged = withoutStage(view.frame.stages, stageId)
  if ('refusal' in staged || !can(context.actor, 'office.manage')) return restaged(context, 'removed', stageId, staged)
  const held = await view.dossiersIn(stageId)
  const target = staged.stages.find((s) => s.id === moveTo)
  if (moveTo !== null && !target) return { code: 'notFound', what: 'stage' }
  if (held.length > 0 && !target) return { code: 'stageHoldsDossiers', count: held.length }
  return restaged(context, 'removed', stageId, staged, async () =>
    held.flatMap((dossier) => (target ? write(context, dossier, movedTo(target, dossier, context.now)) : [])),
  )
}

/** What moves there by the office's doing: like by hand, but what is abandoned moves too, and stays abandoned. */
function movedTo(stage: Stage, { stageId, stageSince, status }: Dossier, now: number): FieldChanges {
  const after = statusIn(stage, status)
  return {
    stageId: [stageId, stage.id],
    ...(stageSince !== now && { stageSince: [stageSince, now] }),
    ...(after !== status && { status: [status, after] }),
  }
}

async function restaged(
  context: Context,
  change: StagesChanged['change'],
  stageId: Id,
  staged: Staged,
  move: (stages: readonly Stage[]) => Promise<Subject[]> = async () => [],
): Decision {
  if (!can(context.actor, 'office.manage')) return { code: 'forbidden', action: 'office.manage' }
  if ('refusal' in staged) return staged.refusal
  if (JSON.stringify(staged.stages) === JSON.stringify(context.view.frame.stages)) return null
  writeStages(context, change, stageId, staged.stages, await move(staged.stages))
  return null
}

/** Writes the stages that differ, each with its place, drops those that are gone, and says so. */
export function writeStages(context: Context, change: StagesChanged['change'], stageId: Id, after: Stage[], subjects: Subject[]): void {
  const { view } = context
  const before = view.frame.stages
  after.forEach((stage, at) => {
    if (before[at] !== stage) view.put('stage', { ...stage, place: at })
  })
  for (const { id } of before) if (!after.some((s) => s.id === id)) view.drop('stage', id)
  context.emit({ type: 'office.stagesChanged', change, stageId, stages: [before, after], subjects })
}
