import type { UndoChange } from '#shared/contracts/change.ts'
import type { OfficeEvent } from '#shared/contracts/events.ts'
import type { Dossier, FieldChanges, Subject } from '#shared/contracts/dossier.ts'
import type { Refusal } from '#shared/contracts/refusals.ts'
import { can, maySee, rights } from '#shared/domain/access.ts'
import { isCommentEvent } from '#shared/domain/comments.ts'
import { refuseTransfer } from '#shared/domain/ownership.ts'
import { refusePlace } from '#shared/domain/pipeline.ts'
import { actionFor, inverse, overtaken, subjectsOf, withinAuthorsTime } from '#shared/domain/undo.ts'
import { undoEdit } from './client.ts'
import { undoCommentChange } from './comment.ts'
import { isOfficeChange, undoOfficeChange } from './change-office.ts'
import type { Context, Decision } from './context.ts'
import { changedMeanwhile, write } from './dossier.ts'
import { undoMemberChange } from './undo-member.ts'
import { refusedOf, type Refused } from './refused.ts'

/** L4: the inverse of what a command did, if none of its fields has been set since. */
export async function undo(context: Context, command: UndoChange): Decision {
  const { view, actor } = context
  // what a rule wrote on the occasion stays
  const events = (await view.eventsOf(command.memberId ?? actor.memberId, command.commandId)).filter((e) => e.type !== 'comment.written')
  const event = events.at(-1)
  if (!event) return { code: 'notFound', what: 'change' }
  if (event.type === 'member.changed' && events.length === 1) return undoMemberChange(context, event)
  if (isOfficeChange(event) && events.length === 1) return undoOfficeChange(context, event)
  if (event.type === 'client.edited' && events.length === 1) return undoEdit(context, event)
  if (isCommentEvent(event)) return event.type === 'comment.changed' ? undoCommentChange(context, event) : notUndoable
  const subjects = isOfImport(event) ? null : subjectsOf(event)
  if (!subjects || events.length > 1) return notUndoable
  const found = await view.many(
    'dossier',
    subjects.map((s) => s.dossierId),
  )
  const refused: Refused[] = []
  for (const subject of subjects) {
    const dossier = found.get(subject.dossierId)
    const refusal = dossier ? await refuseOne(context, event, dossier, subject) : gone
    if (!refusal) continue
    // one of one, or nothing that may be known of: said as it is
    if (subjects.length === 1 || refusal.code === 'notFound') return refusal
    refused.push({ number: dossier?.number ?? '', refusal })
  }
  if (refused.length > 0) return refusedOf(refused)
  const inverted = subjects.flatMap((subject) => {
    const dossier = found.get(subject.dossierId)
    return dossier ? [write(context, dossier, inverse(subject.fields))] : []
  })
  context.emit({ type: 'dossier.changeUndone', undoes: event.n, subjects: inverted })
  return null
}

const notUndoable: Refusal = { code: 'undoNotPossible', reason: 'notUndoable' }
const gone: Refusal = { code: 'notFound', what: 'dossier' }

async function refuseOne(context: Context, event: OfficeEvent, dossier: Dossier, subject: Subject): Promise<Refusal | null> {
  return (
    refuseRight(context, event, dossier, subject) ??
    (await refuseOvertaken(context, event, dossier, subject)) ??
    refuseState(context, dossier, inverse(subject.fields))
  )
}

/** An import is taken back as a whole, by who may import: its dossiers alone would no longer be as its clients and people are. */
function isOfImport({ type }: OfficeEvent): boolean {
  return type === 'dossier.imported' || type === 'import.undone'
}

/**
 * Its author may for ten minutes, also where the right went away with this very change (a dossier given away); everybody else, and
 * later, whoever could set these fields by hand. A role that may not do such a thing at all may not undo it either.
 */
function refuseRight({ actor, now }: Context, event: OfficeEvent, dossier: Dossier, { fields, access }: Subject): Refusal | null {
  const action = actionFor(inverse(fields))
  const sees = can(actor, 'dossier.read', dossier)
  const lostByThis = maySee(actor, access.before) && !maySee(actor, access.after)
  if (!sees && !lostByThis) return { code: 'notFound', what: 'change' }
  const isAuthors = event.by === actor.memberId && withinAuthorsTime(event, now) && rights[action][actor.role] !== 'none'
  if (isAuthors) return null
  if (!sees) return { code: 'notFound', what: 'change' }
  return can(actor, action, dossier) ? null : { code: 'forbidden', action }
}

/**
 * What became of the rest meanwhile must not make the state that comes back one that no command would allow: an owner outside the
 * division (S0.3), an abandoned dossier that moves (S4.2), a stage that is gone or has another status (S4.9).
 */
function refuseState({ view }: Context, dossier: Dossier, back: FieldChanges): Refusal | null {
  if (back.ownerId || back.divisionId) {
    const ownerId = back.ownerId ? back.ownerId[1] : dossier.ownerId
    const divisionId = back.divisionId ? back.divisionId[1] : dossier.divisionId
    const refusal = refuseTransfer(view.frame, { from: { ownerId: null, divisionId: null }, to: { ownerId, divisionId } })
    if (refusal) return refusal
  }
  if (back.stageId && !back.status && dossier.status === 'abandoned') return { code: 'abandoned' }
  const stageId = back.stageId ? back.stageId[1] : dossier.stageId
  const status = back.status ? back.status[1] : dossier.status
  return back.stageId || back.status ? refusePlace(view.frame, stageId, status) : null
}

async function refuseOvertaken({ view }: Context, event: OfficeEvent, dossier: Dossier, subject: Subject): Promise<Refusal | null> {
  const field = overtaken(dossier, subject.fields, event.n)
  if (!field) return null
  const later = await view.event(dossier.versions[field] ?? 0)
  if (!later) return { code: 'undoNotPossible', reason: 'notUndoable' }
  if (later.type === 'dossier.changeUndone' && later.undoes === event.n) return { code: 'undoNotPossible', reason: 'alreadyUndone' }
  return changedMeanwhile(view.frame, field, later)
}
