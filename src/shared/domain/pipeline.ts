import type { DossierFields, Status } from '../contracts/dossier.ts'
import type { Id, Instant } from '../contracts/ids.ts'
import type { Language } from '../contracts/language.ts'
import type { Refusal } from '../contracts/refusals.ts'
import type { Stage } from '../contracts/stage.ts'

const dayMs = 86_400_000

/** Open is what stands on the board. */
export function isOpen(status: Status): boolean {
  return status === 'prospect' || status === 'client'
}

/** A stage's name in the reader's language, else the office's, else whatever it has. */
export function stageName(stage: Stage, language: Language, officeLanguage: Language): string {
  return stage.names[language] ?? stage.names[officeLanguage] ?? Object.values(stage.names)[0] ?? ''
}

type Placed = Pick<DossierFields, 'stageId' | 'stageSince' | 'status'>

/**
 * S4.9: what a move to another stage sets. Entering the closing stage closes the dossier, leaving it makes it a client's again.
 * An abandoned dossier is resumed first (S4.3).
 */
export function moveStage(stages: readonly Stage[], dossier: Placed, stageId: Id, now: Instant): { fields: Placed } | { refusal: Refusal } {
  const next = stages.find((s) => s.id === stageId)
  if (!next) return { refusal: { code: 'notFound', what: 'stage' } }
  if (dossier.status === 'abandoned') return { refusal: { code: 'abandoned' } }
  if (dossier.stageId === stageId) return { fields: { stageId, stageSince: dossier.stageSince, status: dossier.status } }
  return { fields: { stageId, stageSince: now, status: statusIn(next, dossier.status) } }
}

/** S4.9: the status of what stands in a stage: closed in the closing one, open in the others; what is abandoned stays so. */
export function statusIn(stage: Pick<Stage, 'closing'>, status: Status): Status {
  if (status === 'abandoned') return status
  if (stage.closing) return 'closed'
  return status === 'closed' ? 'client' : status
}

/** S4.9: may a dossier come back to this stage with this status, as the stages are by now? */
export function refusePlace({ stages }: { stages: readonly Stage[] }, stageId: Id, status: Status): Refusal | null {
  const stage = stages.find((s) => s.id === stageId)
  if (!stage) return { code: 'notFound', what: 'stage' }
  return statusIn(stage, status) === status ? null : { code: 'undoNotPossible', reason: 'notUndoable' }
}

/** Whole days since a dossier entered its stage. */
export function daysInStage(stageSince: Instant, now: Instant): number {
  return Math.max(0, Math.floor((now - stageSince) / dayMs))
}

/** `late` past the stage's usual time, `stuck` past twice that. */
export function pace(stage: Pick<Stage, 'usualDays'>, days: number): 'usual' | 'late' | 'stuck' {
  if (stage.usualDays === null || days <= stage.usualDays) return 'usual'
  return days <= 2 * stage.usualDays ? 'late' : 'stuck'
}

/** How far along the gauge a stage stands, 0 to 1 (S4.9). */
export function progress(stages: readonly Stage[], stageId: Id): number {
  const index = stages.findIndex((s) => s.id === stageId)
  return index < 0 || stages.length < 2 ? 0 : index / (stages.length - 1)
}
