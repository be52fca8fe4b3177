import { SvelteMap } from 'svelte/reactivity'
import type { XmlFragment } from 'yjs'
import type { CommentGrant } from '#shared/contracts/answers/comment.ts'
import { commentField } from '#shared/contracts/comment.ts'
import type { Id } from '#shared/contracts/ids.ts'
import { commentsNote } from '#shared/contracts/note-id.ts'
import { fetchCommentGrants } from './comment-grants.ts'
import { openNote, type OpenNote } from './note.svelte.ts'

/** A document is renewed at most once in so long. */
const renewalMs = 2_000

/**
 * The texts of the comments on a dossier: a document an author, each on a channel of the tab's one socket, opened when one of them is
 * shown. One request grants all that are asked for at once.
 */
export class CommentTexts {
  readonly #dossierId: Id
  readonly #memberId: Id
  readonly #notes = new SvelteMap<Id, OpenNote>()
  /** Granted and not taken up yet: each opens one document, once. */
  #granted = new Map<Id, CommentGrant>()
  #asking: Promise<void> | null = null
  /** A document that is refused again and again is not asked for without end. */
  readonly #renewedAt = new Map<Id, number>()

  /** @param memberId who looks at them */
  constructor(dossierId: Id, memberId: Id) {
    this.#dossierId = dossierId
    this.#memberId = memberId
  }

  /** Opens the documents of these authors that are not open yet. */
  open(authorIds: Iterable<Id>): void {
    for (const authorId of new Set(authorIds)) {
      if (this.#notes.has(authorId)) continue
      const grant = (_: AbortSignal, ahead: number) => this.#grant(authorId, authorId === this.#memberId ? ahead : 0)
      this.#notes.set(authorId, openNote(commentsNote(this.#dossierId, authorId), { grant, onDenied: () => {} }))
    }
  }

  /** An author's document; undefined where it was not opened. */
  of(authorId: Id): OpenNote | undefined {
    return this.#notes.get(authorId)
  }

  /** A comment's text; null until it is there, and when it may not be read any more. */
  text(authorId: Id, commentId: Id): XmlFragment | null {
    const note = this.#notes.get(authorId)
    if (!note || note.status.state === 'denied') return null
    return note.doc?.getXmlFragment(commentField(commentId)) ?? null
  }

  /** The authors whose document is another one now. */
  get renewed(): Id[] {
    return [...this.#notes].flatMap(([authorId, note]) => (note.status.state === 'reload' ? [authorId] : []))
  }

  /** Opens the document that is in the place of the one held. */
  renew(authorId: Id): void {
    const now = Date.now()
    if (now - (this.#renewedAt.get(authorId) ?? 0) < renewalMs) return
    this.#renewedAt.set(authorId, now)
    this.#notes.get(authorId)?.destroy()
    this.#notes.delete(authorId)
    this.open([authorId])
  }

  destroy(): void {
    for (const note of this.#notes.values()) note.destroy()
  }

  async #grant(authorId: Id, ahead: number): Promise<CommentGrant | null> {
    // what was granted for all together has no client ids ahead
    if (ahead > 0) await this.#ask(ahead)
    else if (!this.#granted.has(authorId)) await (this.#asking ??= this.#ask(0))
    const grant = this.#granted.get(authorId) ?? null
    this.#granted.delete(authorId)
    return grant
  }

  /** All at once: those who ask meanwhile are answered together. What has to be sent yet asks also when nobody looks at it any more. */
  async #ask(ahead: number): Promise<void> {
    try {
      const grants = await fetchCommentGrants(this.#dossierId, ahead)
      this.#granted = new Map(grants.map((grant) => [grant.authorId, grant]))
    } finally {
      this.#asking = null
    }
  }
}
