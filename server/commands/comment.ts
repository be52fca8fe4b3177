import type {
  BeginComment,
  Comment,
  CommentChanges,
  CommentEvent,
  CommentFields,
  DeleteComment,
  SetSynthesis,
  SetTab,
  ValidateComment,
} from '#shared/contracts/comment.ts'
import type { Dossier, Subject } from '#shared/contracts/dossier.ts'
import type { OfficeEvent } from '#shared/contracts/events.ts'
import type { Id } from '#shared/contracts/ids.ts'
import type { Mention } from '#shared/contracts/mention.ts'
import { commentsNote } from '#shared/contracts/note-id.ts'
import type { Refusal } from '#shared/contracts/refusals.ts'
import { can } from '#shared/domain/access.ts'
import { isCommentEvent, mayEdit, mayPlace, refuseMentions } from '#shared/domain/comments.ts'
import { refuseTooLong } from './comment-length.ts'
import type { Context, Decision } from './context.ts'

type Mine = 'comment.edit' | 'comment.place'

/** S4.12: from here on the others see it being written. */
export async function begin(context: Context, { dossierId, commentId, tab }: BeginComment): Decision {
  const { view, actor, now } = context
  const dossier = await view.get('dossier', dossierId)
  if (!dossier || !can(actor, 'dossier.read', dossier)) return { code: 'notFound', what: 'dossier' }
  if (!can(actor, 'dossier.comment', dossier)) return { code: 'forbidden', action: 'dossier.comment' }
  if (await view.get('comment', commentId)) return { code: 'idTaken' }
  const comment: Comment = {
    ...{ id: commentId, at: view.next, dossierId, authorId: actor.memberId, rule: null, about: null, tab, writtenAt: now },
    ...{ validatedAt: null, editedAt: null, deletedAt: null, inSynthesis: true, mentions: [] },
  }
  put(context, 'comment.begun', dossier, comment)
  return null
}

/** S4.12: it counts from here on, and whoever is mentioned for the first time is told; again after an edit. */
export async function validate(context: Context, { dossierId, commentId, mentions }: ValidateComment): Decision {
  return onComment(context, { dossierId, commentId }, 'comment.edit', async (comment, dossier) => {
    const { view, now } = context
    const named = [...new Set(mentions)]
    const refusal = refuseMentions(view.frame, dossier, named) ?? (await refuseTooLong(view, comment))
    if (refusal) return refusal
    const made = mentionsFor(context, comment, named)
    for (const mention of made) view.put('mention', mention)
    for (const memberId of comment.mentions) if (!named.includes(memberId)) await withdrawMention(context, comment, memberId)
    const isFirst = comment.validatedAt === null
    const after = { ...comment, mentions: named, ...(isFirst ? { validatedAt: now } : { editedAt: now }) }
    put(context, isFirst ? 'comment.validated' : 'comment.edited', dossier, after, { mentions: made })
    return null
  })
}

export async function setSynthesis(context: Context, { dossierId, commentId, inSynthesis }: SetSynthesis): Decision {
  return place(context, { dossierId, commentId }, { inSynthesis })
}

export async function setTab(context: Context, { dossierId, commentId, tab }: SetTab): Decision {
  return place(context, { dossierId, commentId }, { tab })
}

/** S4.12: its place stays, with time and name; its text goes as soon as this is on disk, and does not come back. */
export async function remove(context: Context, { dossierId, commentId }: DeleteComment): Decision {
  return onComment(context, { dossierId, commentId }, 'comment.edit', async (comment, dossier) => {
    const { view, actor, now } = context
    for (const memberId of comment.mentions) await withdrawMention(context, comment, memberId)
    view.put('erasure', { id: comment.id, note: commentsNote(dossierId, actor.memberId) })
    put(context, 'comment.deleted', dossier, { ...comment, deletedAt: now, mentions: [] })
    return null
  })
}

/** L4: tab and synthesis go back, by the right that setting them by hand needs, unless they were set since. */
export async function undoCommentChange(context: Context, event: OfficeEvent & CommentEvent): Decision {
  const { dossierId, id: commentId } = event.comment
  const back = Object.fromEntries(Object.entries(event.fields).map(([field, [before]]) => [field, before])) as Partial<CommentFields>
  return place(context, { dossierId, commentId }, back, event)
}

async function place(
  context: Context,
  one: { dossierId: Id; commentId: Id },
  wanted: Partial<CommentFields>,
  undone?: OfficeEvent & CommentEvent,
): Decision {
  return onComment(context, one, 'comment.place', async (comment, dossier) => {
    const refusal = undone && (await refuseChangedSince(context, comment, dossier, undone))
    if (refusal) return refusal
    const fields = differing(comment, wanted)
    if (Object.keys(fields).length === 0) return null
    put(context, 'comment.changed', dossier, { ...comment, ...wanted }, { fields, ...(undone && { undoes: undone.n }) })
    return null
  })
}

async function refuseChangedSince(
  { view }: Context,
  comment: Comment,
  { number }: Dossier,
  undone: OfficeEvent & CommentEvent,
): Promise<Refusal | null> {
  const fields = Object.entries(undone.fields) as [keyof CommentFields, [unknown, unknown]][]
  if (fields.every(([field, [, after]]) => comment[field] === after)) return null
  const later = await view.event(comment.at)
  if (later && isCommentEvent(later) && later.undoes === undone.n) return { code: 'undoNotPossible', reason: 'alreadyUndone' }
  const memberName = view.frame.members.find((m) => m.id === later?.by)?.name
  return memberName === undefined ? { code: 'undoNotPossible', reason: 'notUndoable' } : { code: 'changedSince', what: number, memberName }
}

/** A comment that is there, on a dossier the actor may see, and is theirs to do this with. */
async function onComment(
  { view, actor }: Context,
  { dossierId, commentId }: { dossierId: Id; commentId: Id },
  action: Mine,
  decide: (comment: Comment, dossier: Dossier) => Decision,
): Decision {
  const [dossier, comment] = await Promise.all([view.get('dossier', dossierId), view.get('comment', commentId)])
  if (!dossier || !can(actor, 'dossier.read', dossier)) return { code: 'notFound', what: 'dossier' }
  if (comment?.dossierId !== dossierId || comment.deletedAt !== null) return { code: 'notFound', what: 'comment' }
  const may = action === 'comment.edit' ? mayEdit : mayPlace
  return may(actor, comment, dossier) ? decide(comment, dossier) : { code: 'forbidden', action }
}

function differing(comment: Comment, wanted: Partial<CommentFields>): CommentChanges {
  const changed = Object.entries(wanted).filter(([field, after]) => comment[field as keyof CommentFields] !== after)
  return Object.fromEntries(changed.map(([field, after]) => [field, [comment[field as keyof CommentFields], after]]))
}

/** Whoever was mentioned in what was validated before is not told again; nobody is told of themselves. */
function mentionsFor({ actor, newId, now }: Context, { id, dossierId, mentions }: Comment, named: readonly Id[]): Mention[] {
  const fresh = named.filter((memberId) => !mentions.includes(memberId) && memberId !== actor.memberId)
  return fresh.map((memberId) => ({ id: newId(), memberId, dossierId, commentId: id, by: actor.memberId, at: now, seenAt: null }))
}

/** What was not seen yet is not there any more. */
async function withdrawMention({ view }: Context, { id }: Comment, memberId: Id): Promise<void> {
  for (const mention of await view.mentionsOf(memberId)) if (mention.commentId === id) view.drop('mention', mention.id)
}

/** Writes a comment under the number of the event that says so. */
export function put(
  { view, emit }: Context,
  type: CommentEvent['type'],
  dossier: Dossier,
  comment: Comment,
  said: Partial<Pick<CommentEvent, 'fields' | 'mentions' | 'undoes'>> = {},
): void {
  const after = { ...comment, at: view.next }
  view.put('comment', after)
  emit({ type, comment: { ...after, about: null }, fields: {}, mentions: [], subjects: [untouched(dossier)], ...said })
}

/** What an event says of a dossier in which nothing changed: who may see it. */
export function untouched({ id, divisionId, ownerId, readerIds }: Dossier): Subject {
  const access = { divisionId, ownerId, readerIds }
  return { dossierId: id, fields: {}, access: { before: access, after: access } }
}
