import type { UndoChange } from '#shared/contracts/change.ts'
import type { OfficeEvent } from '#shared/contracts/events.ts'
import type { Dossier, Subject } from '#shared/contracts/dossier.ts'
import type { Refusal } from '#shared/contracts/refusals.ts'
import { can } from '#shared/domain/access.ts'
import { actionFor, inverse, overtaken, subjectsOf, withinAuthorsTime } from '#shared/domain/undo.ts'
import type { Context, Decision } from './context.ts'
import { changedMeanwhile, write } from './dossier.ts'

/** L4: the inverse of what a command did, if none of its fields has been set since. */
export async function undo(context: Context, command: UndoChange): Decision {
  const { view, actor } = context
  const events = await view.eventsOf(command.memberId ?? actor.memberId, command.commandId)
  const event = events.at(-1)
  if (!event) return { code: 'notFound', what: 'change' }
  const subjects = subjectsOf(event)
  if (!subjects || events.length > 1) return { code: 'undoNotPossible', reason: 'notUndoable' }
  const inverted: Subject[] = []
  for (const subject of subjects) {
    const dossier = await view.get('dossier', subject.dossierId)
    if (!dossier) return { code: 'notFound', what: 'dossier' }
    const refusal = refuseRight(context, event, dossier, subject) ?? (await refuseOvertaken(context, event, dossier, subject))
    if (refusal) return refusal
    inverted.push(write(context, dossier, inverse(subject.fields)))
  }
  context.emit({ type: 'dossier.changeUndone', undoes: event.n, subjects: inverted })
  return null
}

/** Its author may for ten minutes, whatever became of the right; everybody else, and later, whoever could set these fields by hand. */
function refuseRight({ actor, now }: Context, event: OfficeEvent, dossier: Dossier, subject: Subject): Refusal | null {
  if (event.by === actor.memberId && withinAuthorsTime(event, now)) return null
  if (!can(actor, 'dossier.read', dossier)) return { code: 'notFound', what: 'change' }
  const action = actionFor(inverse(subject.fields))
  return can(actor, action, dossier) ? null : { code: 'forbidden', action }
}

async function refuseOvertaken({ view }: Context, event: OfficeEvent, dossier: Dossier, subject: Subject): Promise<Refusal | null> {
  const field = overtaken(dossier, subject.fields, event.n)
  if (!field) return null
  const later = await view.event(dossier.versions[field] ?? 0)
  if (!later) return { code: 'undoNotPossible', reason: 'notUndoable' }
  if (later.type === 'dossier.changeUndone' && later.undoes === event.n) return { code: 'undoNotPossible', reason: 'alreadyUndone' }
  return changedMeanwhile(view.frame, field, later)
}
