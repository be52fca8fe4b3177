import type { Comment } from '#shared/contracts/comment.ts'
import type { Id } from '#shared/contracts/ids.ts'
import { act } from '$lib/act.ts'
import { live } from '$lib/live/live.svelte.ts'
import { newId } from '$lib/live/new-id.ts'
import type { OpenComments } from '$lib/live/open-comments.svelte.ts'
import type { CommentTexts } from '$lib/notes/comment-texts.svelte.ts'
import { isBlank, mentionsIn, textTree } from '$lib/notes/text-tree.ts'
import { refusalText } from '$lib/refusal-text.ts'
import { whyHeldBack } from '$lib/while-connected.svelte.ts'
import { m } from '$paraglide/messages.js'

/** What a member does with comments on a dossier: one at a time is written in. */
export class Writing {
  /** The comment whose text is open in an editor here. */
  at: Id | null = $state(null)
  /** Why it could not be validated, in words. */
  problem = $state('')
  waiting = $state(false)
  /** It was opened by hand: the caret goes into it. */
  takesFocus = $state(false)
  readonly #comments: OpenComments
  readonly #texts: CommentTexts

  constructor(comments: OpenComments, texts: CommentTexts) {
    this.#comments = comments
    this.#texts = texts
  }

  /** A new comment: its editor is there at once, and goes again should it be refused. */
  begin(): void {
    const [commentId, authorId] = [newId(), live.workspace.memberId]
    const { dossierId } = this.#comments
    const answered = act({ type: 'comment.begin', dossierId, commentId, tab: 'general' }, { silent: true })
    void this.#comments.predict(
      draft(dossierId, commentId, authorId),
      answered.then(({ ok }) => ok),
    )
    this.#texts.open([authorId])
    this.edit(commentId)
  }

  /** `takesFocus`: the caret goes into it. */
  edit(commentId: Id, takesFocus = true): void {
    if (this.at !== null && this.at !== commentId) this.leave()
    this.at = commentId
    this.takesFocus = takesFocus
    this.problem = ''
  }

  /** Out of the editor: a draft stays one, and one in which nothing stands goes away. */
  leave(): void {
    const comment = this.at === null ? undefined : this.#comments.get(this.at)
    this.at = null
    // without a connection it stays, empty as it is
    if (comment && comment.validatedAt === null && !live.isOffline && this.#isBlank(comment)) void this.delete(comment)
  }

  /** From here on it counts, and whoever is named in it is told. A refusal is said where it is written. */
  async validate(): Promise<void> {
    const comment = this.at === null ? undefined : this.#comments.get(this.at)
    const text = comment && this.#textOf(comment)
    if (!comment || !text || this.waiting) return
    const blocks = textTree(text)
    const why = whyHeldBack()
    if (why !== null) return void (this.problem = why)
    if (isBlank(blocks)) return void (this.problem = m.comments_nothing_written())
    this.waiting = true
    const { id: commentId, dossierId } = comment
    const answer = await live.send({ type: 'comment.validate', dossierId, commentId, mentions: mentionsIn(blocks) })
    this.waiting = false
    this.problem = answer.ok ? '' : refusalText(answer.refusal)
    if (answer.ok && this.at === commentId) this.at = null
  }

  setSynthesis({ id, dossierId }: Comment, inSynthesis: boolean): void {
    const answered = act({ type: 'comment.setSynthesis', dossierId, commentId: id, inSynthesis }, { silent: true })
    void this.#comments.predict(
      { id, inSynthesis },
      answered.then(({ ok }) => ok),
    )
  }

  /** Its text goes for good. */
  async delete({ id, dossierId }: Comment): Promise<void> {
    if (this.at === id) this.at = null
    const answered = act({ type: 'comment.delete', dossierId, commentId: id }, { silent: true })
    await this.#comments.predict(
      { id, deletedAt: Date.now() },
      answered.then(({ ok }) => ok),
    )
  }

  #textOf({ id, authorId }: Comment) {
    return authorId === null ? null : this.#texts.text(authorId, id)
  }

  /** Not where its text is not here: nobody knows what stands in it. */
  #isBlank(comment: Comment): boolean {
    const text = this.#textOf(comment)
    return text !== null && isBlank(textTree(text))
  }
}

/** As the server will have it. */
function draft(dossierId: Id, id: Id, authorId: Id): Comment {
  return {
    ...{ id, at: 0, dossierId, authorId, rule: null, about: null, tab: 'general', writtenAt: Date.now() },
    ...{ validatedAt: null, editedAt: null, deletedAt: null, inSynthesis: true, mentions: [] },
  }
}
