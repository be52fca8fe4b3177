import type { CommentsAnswer } from '#shared/contracts/answers/comment.ts'
import type { Comment } from '#shared/contracts/comment.ts'
import type { Id } from '#shared/contracts/ids.ts'
import { applyComment, countsOf, isCommentEvent, newestFirst } from '#shared/domain/comments.ts'
import { copies } from '../offline/tab-copies.ts'
import { ApiError, fetchJson } from './fetch-json.ts'
import type { OfficeWorkspace } from './workspace.svelte.ts'

/** What changes within this time is kept at once, in milliseconds. */
const gatherMs = 300

/** The comments on an open dossier, but for their texts: kept up to date by events, own changes shown before their answer. */
export class OpenComments {
  state: 'loading' | 'ready' | 'failed' = $state('loading')
  #known: ReadonlyMap<Id, Comment> = $state.raw(new Map())
  /** Own changes that wait for their answer, by comment. */
  #predicted: ReadonlyMap<Id, Partial<Comment>> = $state.raw(new Map())
  readonly #shown = $derived(new Map([...this.#known].map(([id, comment]) => [id, { ...comment, ...this.#predicted.get(id) }])))
  /** Newest first, deleted ones included. */
  readonly list: readonly Comment[] = $derived(newestFirst(this.#shown.values()))
  readonly counts = $derived(countsOf(this.list))
  readonly dossierId: Id
  readonly #stop: () => void
  #keeping: ReturnType<typeof setTimeout> | undefined

  constructor(workspace: OfficeWorkspace, dossierId: Id) {
    this.dossierId = dossierId
    const stopEvents = workspace.onEvent((event) => {
      if (!isCommentEvent(event) || event.comment.dossierId !== dossierId) return
      this.#apply(event.comment)
      // whom it is about stands in no event
      if (event.type === 'comment.written') void this.load()
    })
    const stopStale = workspace.onStale((stale) => {
      if (stale === null || stale === dossierId) void this.load()
    })
    this.#stop = () => {
      stopEvents()
      stopStale()
    }
    void this.load()
  }

  /** (Re)loads them. What an event told meanwhile is not overwritten by an older answer. */
  async load(): Promise<void> {
    try {
      const { comments } = await fetchJson<CommentsAnswer>(`/api/v1/dossiers/${this.dossierId}/comments`)
      const newer = [...this.#known.values()].filter(({ id, at }) => at > (comments.find((c) => c.id === id)?.at ?? -1))
      this.#known = new Map([...comments, ...newer].map((comment) => [comment.id, comment]))
      this.state = 'ready'
      this.#keepSoon()
    } catch (error) {
      if (this.state === 'loading') await this.#loadCopy(error instanceof ApiError && error.status < 500)
    }
  }

  /** One of them as it is shown. */
  get(commentId: Id): Comment | undefined {
    return this.#shown.get(commentId)
  }

  /**
   * Shows a change until its answer is there. A new comment is given whole, under `at` 0; it goes again when it is refused.
   * @param answered resolves with whether it was accepted
   */
  async predict(change: Pick<Comment, 'id'> & Partial<Comment>, answered: Promise<boolean>): Promise<void> {
    if (!this.#known.has(change.id)) this.#known = new Map([...this.#known, [change.id, change as Comment]])
    else this.#predicted = new Map([...this.#predicted, [change.id, change]])
    // what was accepted stays predicted until its event is here
    if (await answered) return
    this.#predicted = without(this.#predicted, change.id)
    if (this.#known.get(change.id)?.at === 0) this.#known = without(this.#known, change.id)
  }

  destroy(): void {
    this.#stop()
    if (this.#keeping !== undefined) this.#keep()
  }

  #apply(comment: Comment): void {
    const applied = applyComment(this.#known.get(comment.id), { comment })
    this.#known = new Map([...this.#known, [comment.id, applied]])
    this.#predicted = without(this.#predicted, comment.id)
    if (this.state === 'ready') this.#keepSoon()
  }

  /** What lies in this browser, where the server cannot be reached. */
  async #loadCopy(isRefused: boolean): Promise<void> {
    const seen = isRefused ? null : await copies.comments(this.dossierId).catch(() => null)
    if (this.state !== 'loading') return
    if (seen) this.#known = new Map(seen.map((comment) => [comment.id, comment]))
    this.state = seen ? 'ready' : 'failed'
  }

  #keepSoon(): void {
    clearTimeout(this.#keeping)
    this.#keeping = setTimeout(() => this.#keep(), gatherMs)
  }

  #keep(): void {
    clearTimeout(this.#keeping)
    this.#keeping = undefined
    // what is only predicted is no comment yet
    const known = [...this.#known.values()].filter(({ at }) => at > 0)
    void copies.keepComments(this.dossierId, known)
  }
}

function without<T>(held: ReadonlyMap<Id, T>, id: Id): ReadonlyMap<Id, T> {
  return new Map([...held].filter(([known]) => known !== id))
}
