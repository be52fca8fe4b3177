import type { Dossier, DossierField, FieldChanges, Subject } from '../contracts/dossier.ts'
import type { OfficeEvent } from '../contracts/events.ts'
import type { Instant } from '../contracts/ids.ts'
import type { DossierAction } from './access.ts'

/** For this long the author may undo a change even where the right went away with it. */
export const authorsUndoMs = 10 * 60_000

/**
 * The dossiers that an event changed; null for events that change none in particular. By their form, not by their type: of an event that a
 * newer version wrote this is what an older one can know.
 */
export function subjectsOf(event: OfficeEvent): Subject[] | null {
  return 'subjects' in event ? (event.subjects ?? null) : null
}

export function inverse(fields: FieldChanges): FieldChanges {
  return Object.fromEntries(Object.entries(fields).map(([field, [before, after]]) => [field, [after, before]]))
}

/** The field of this change that has been set again since event `n`, or null: then it can be taken back. */
export function overtaken(dossier: Pick<Dossier, 'versions'>, fields: FieldChanges, n: number): DossierField | null {
  return (Object.keys(fields) as DossierField[]).find((field) => (dossier.versions[field] ?? 0) > n) ?? null
}

/** The right that setting these fields by hand would need. */
export function actionFor(fields: FieldChanges): DossierAction {
  if (fields.ownerId || fields.divisionId) return 'dossier.changeOwner'
  if (fields.status?.[0] === 'abandoned') return 'dossier.resume'
  if (fields.status?.[1] === 'abandoned') return 'dossier.abandon'
  return fields.stageId ? 'dossier.moveStage' : 'dossier.edit'
}

export function withinAuthorsTime(event: Pick<OfficeEvent, 'at'>, now: Instant): boolean {
  return now - event.at <= authorsUndoMs
}
