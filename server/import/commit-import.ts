import type { OfficeEvent } from '#shared/contracts/events.ts'
import type { Id, Instant } from '#shared/contracts/ids.ts'
import type { ImportFile, ImportSummary } from '#shared/contracts/import.ts'
import type { Refusal } from '#shared/contracts/refusals.ts'
import type { Comment } from '#shared/contracts/comment.ts'
import { can } from '#shared/domain/access.ts'
import { isWritten } from '#shared/domain/automatic-comments.ts'
import { subjectsOf } from '#shared/domain/undo.ts'
import type { Answer } from '#shared/contracts/commands.ts'
import type { Context } from '../commands/context.ts'
import type { CommandQueue } from '../commands/queue.ts'
import type { Store } from '../store/store.ts'
import type { Planned } from './worker-messages.ts'

/** Appended at once, with a pause for others in between. */
const notesAtOnce = 250
const mostTries = 5

export interface CommitParts {
  queue: CommandQueue
  store: Store
  officeId: Id
  memberId: Id
  /** By which they act; null: they do it themselves. */
  tokenId: Id | null
  commandId: Id
  now: () => Instant
  /** Plans anew, on the office as it is. */
  plan: () => Promise<Planned | { refusal: Refusal }>
  onProgress: (done: number) => void
  /** False: another node goes on with it, which took this one for gone. */
  isMine: () => Promise<boolean>
  /** Told under which ids first texts of notes will lie, before they do. */
  announce: (texts: readonly Id[]) => Promise<void>
}

/** Imports a file: one commit, all of the plan's rows or none, once under an id. The notes go ahead: a text without its dossier harms nobody. */
export function commitImport(parts: CommitParts, about: { importId: Id; file: ImportFile; fileName: string }): Promise<Answer> {
  return inQueue(parts, async (context, planned) => {
    const { view, now, actor } = context
    // begun twice, where one node took another for gone
    if (await view.get('import', about.importId)) return { code: 'importGone' }
    putFrame(context, planned)
    await putMembers(context, planned)
    for (const put of planned.smallPuts) {
      if (put.kind === 'comment') await putComment(context, planned, put.record)
      else if (put.kind !== 'client' && put.kind !== 'dossier') view.put(put.kind as 'owner', put.record as never)
    }
    const { importId, file, fileName } = about
    const { counts } = planned
    const summary: ImportSummary = { id: importId, file, fileName, counts, n: view.next, by: actor.memberId, at: now, undone: null }
    view.put('import', summary)
    view.put('importDetail', { id: importId, ...planned.detail })
    context.emit({
      type: 'dossier.imported',
      clients: planned.clientsCreated,
      dossierIds: planned.dossierIds,
      importId,
      file,
      subjects: planned.subjects,
      frame: planned.frame,
    })
    return null
  })
}

/** Takes an import back: one commit, everything or nothing. */
export function commitUndo(parts: CommitParts, importId: Id): Promise<Answer> {
  return inQueue(parts, async (context, planned) => {
    const { view, now, actor } = context
    const summary = await view.get('import', importId)
    if (!summary) return { code: 'notFound', what: 'change' }
    if (summary.undone) return { code: 'undoNotPossible', reason: 'alreadyUndone' }
    // what is written in a note has no number in the log: looked at last of all
    if (await isWrittenIn(parts.store, parts.officeId, planned)) return { code: 'changedSince', what: summary.fileName, memberName: '' }
    putFrame(context, planned)
    await putMembers(context, planned)
    for (const owner of planned.frame.owners) view.put('owner', owner)
    view.put('import', { ...summary, undone: { by: actor.memberId, at: now, n: view.next } })
    context.emit({
      type: 'import.undone',
      undoes: summary.n,
      importId,
      dossierIds: planned.dossierIds,
      subjects: planned.subjects,
      frame: planned.frame,
      gone: planned.gone,
    })
    return null
  })
}

/** S4.13: once per cause. On a dossier that is new nothing was written yet. */
async function putComment({ view }: Context, { dossierIds }: Planned, comment: Comment): Promise<void> {
  const { rule, about, dossierId } = comment
  if (!rule || !about) return
  const isKnown = !dossierIds.includes(dossierId)
  if (isKnown && isWritten(await view.commentsOf(dossierId), { rule, about })) return
  view.put('comment', { ...comment, at: view.next })
}

async function isWrittenIn(store: Store, officeId: Id, { dossierIds, detail }: Planned): Promise<boolean> {
  const noted = new Set(detail.noted)
  const lengths = await store.noteLengths(officeId, dossierIds)
  return dossierIds.some((id) => (lengths.get(id) ?? 0) > (noted.has(id) ? 1 : 0))
}

async function inQueue(parts: CommitParts, commit: (context: Context, planned: Planned) => Promise<Refusal | null>): Promise<Answer> {
  const { queue, officeId, memberId, tokenId, commandId, store, onProgress, isMine } = parts
  const texts = new Set<Id>()
  let planned = await planAhead(parts, texts)
  const answer = await queue.perform(
    officeId,
    memberId,
    commandId,
    async (context) => {
      if (!can(context.actor, 'office.import')) return { code: 'forbidden', action: 'office.import' }
      if (!(await isMine())) return { code: 'importGone' }
      // planned beside the queue, so that nobody waits for it; in it only where something that matters has moved meanwhile
      for (let tries = 0; tries < mostTries; tries++) {
        if ('refusal' in planned) return planned.refusal
        if (isWhole(planned) && (await holds(store, officeId, planned))) break
        planned = await planAhead(parts, texts)
      }
      if ('refusal' in planned) return planned.refusal
      const refusal = await commit(context, planned)
      if (refusal) return refusal
      context.view.write({ bulk: planned.bulk, onProgress })
      context.view.fence('all')
      return null
    },
    { isAlone: true, tokenId },
  )
  // what was planned in vain left first texts under ids that no dossier has
  if (answer.ok && !('refusal' in planned)) for (const { dossierId } of planned.notes) texts.delete(dossierId)
  if (texts.size > 0) await queue.perform(officeId, memberId, commandId, async ({ view }) => dropAll(view, texts))
  return answer
}

function dropAll(view: Context['view'], texts: ReadonlySet<Id>): null {
  for (const id of texts) view.drop('dossier', id)
  return null
}

/** A plan, its notes stored already: nobody has to wait for them. */
async function planAhead(parts: CommitParts, texts: Set<Id>): ReturnType<CommitParts['plan']> {
  const planned = await parts.plan()
  if ('refusal' in planned) return planned
  const ids = planned.notes.map(({ dossierId }) => dossierId)
  await parts.announce(ids)
  for (const id of ids) texts.add(id)
  await appendNotes(parts, planned)
  return planned
}

/** Bytes that were handed to the writer are gone: after a commit that came too late it is planned again. */
function isWhole({ bulk }: Planned): boolean {
  return bulk.every(({ byteLength }) => byteLength > 0)
}

/** Is the plan still right, although the office's log may have moved on? */
async function holds(store: Store, officeId: Id, { base, touched }: Planned): Promise<boolean> {
  const events = await store.events(officeId, base, 1_000)
  const ids = new Set(touched)
  return events.length < 1_000 && events.every((event) => isBeside(event, ids))
}

/** Does this event leave what a plan rests on as it was: people, stages, what exists, and the records it changes? */
function isBeside(event: OfficeEvent, touched: ReadonlySet<Id>): boolean {
  switch (event.type) {
    case 'dossier.ownerChanged':
    case 'dossier.stageMoved':
    case 'dossier.statusChanged':
    case 'dossier.abandoned':
    case 'dossier.edited':
    case 'dossier.changeUndone':
    case 'comment.begun':
    case 'comment.validated':
    case 'comment.edited':
    case 'comment.changed':
    case 'comment.deleted':
    case 'comment.written':
      return (subjectsOf(event) ?? []).every(({ dossierId }) => !touched.has(dossierId))
    case 'member.resetLinkMade':
    case 'member.passwordReset':
    case 'token.made':
    case 'token.revoked':
    case 'mention.seen':
      return true
    default:
      return false
  }
}

function putFrame({ view }: Context, { frame }: Planned): void {
  const { office } = view.frame
  if (frame.divisionsOn !== undefined) view.put('office', { ...office, divisionsOn: frame.divisionsOn })
}

/** Which account signs in as a member is not part of a plan. */
async function putMembers({ view }: Context, { frame }: Planned): Promise<void> {
  for (const member of frame.members) {
    const present = await view.get('member', member.id)
    view.put('member', { ...member, accountId: present?.accountId ?? null })
  }
}

async function appendNotes({ store, officeId, memberId, now }: CommitParts, { notes }: Planned): Promise<void> {
  const at = now()
  for (let from = 0; from < notes.length; from += notesAtOnce) {
    const some = notes.slice(from, from + notesAtOnce)
    const appends = await Promise.all(
      some.map(async ({ dossierId: note, bytes }) => {
        const fence = await store.fence(officeId, note)
        return { officeId, note, epoch: 1, seq: 1, memberId, at, bytes, fence }
      }),
    )
    const results = await store.appendNotes(appends)
    // stored by an attempt before this one
    if (results.some((result) => result === 'fenced')) throw new Error('the first texts of notes could not be stored')
    await new Promise((resolve) => setImmediate(resolve))
  }
}
