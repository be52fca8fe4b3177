import type { CommentsAnswer, MentionsAnswer } from '#shared/contracts/answers/comment.ts'
import type { Id } from '#shared/contracts/ids.ts'
import { type Actor, can } from '#shared/domain/access.ts'
import { countsOf, newestFirst } from '#shared/domain/comments.ts'
import type { Store } from '../store/store.ts'

/** All comments on a dossier, newest first, their texts excepted; null when there is no such dossier, or the actor may not see it. */
export async function commentsOn(store: Store, actor: Actor, dossierId: Id): Promise<CommentsAnswer | null> {
  const { officeId } = actor
  // first: what is committed meanwhile comes as an event as well
  const at = await store.number(officeId)
  const dossier = await store.get(officeId, 'dossier', dossierId)
  if (!dossier || !can(actor, 'dossier.read', dossier)) return null
  const comments = newestFirst(await store.comments(officeId, dossierId))
  return { at, counts: countsOf(comments), comments }
}

/** Who has written on a dossier, and the actor where they may: those whose documents a screen opens. Null as for `commentsOn`. */
export async function commentAuthors(store: Store, actor: Actor, dossierId: Id): Promise<Id[] | null> {
  const dossier = await store.get(actor.officeId, 'dossier', dossierId)
  if (!dossier || !can(actor, 'dossier.read', dossier)) return null
  const comments = await store.comments(actor.officeId, dossierId)
  const authors = new Set(comments.flatMap(({ authorId }) => authorId ?? []))
  if (can(actor, 'dossier.comment', dossier)) authors.add(actor.memberId)
  return [...authors]
}

/** What the actor was mentioned in and has not seen, of dossiers they may see now, newest first. */
export async function mentionsFor(store: Store, actor: Actor): Promise<MentionsAnswer> {
  const { officeId, memberId } = actor
  const at = await store.number(officeId)
  const mentions = await store.mentionsOf(officeId, memberId)
  const rows = await store.rowsOf(officeId, [...new Set(mentions.map(({ dossierId }) => dossierId))])
  const seen = new Set(rows.filter((row) => can(actor, 'dossier.read', row)).map(({ id }) => id))
  return { at, mentions: mentions.filter(({ dossierId }) => seen.has(dossierId)).toSorted((a, b) => b.at - a.at) }
}
