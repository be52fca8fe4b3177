import { SvelteMap } from 'svelte/reactivity'
import type { XmlFragment } from 'yjs'
import { type CommentGrant, CommentGrantsAnswer } from '#shared/contracts/answers/comment.ts'
import { commentField } from '#shared/contracts/comment.ts'
import type { Id } from '#shared/contracts/ids.ts'
import { commentsNote } from '#shared/contracts/note-id.ts'
import { postForGrant } from './fetch-grant.ts'
import { openNote, type OpenNote } from './note.svelte.ts'

/** A document is renewed at most once in so long. */
const renewalMs = 2_000

/**
 * The texts of the comments on a dossier: a document an author, each on a channel of the tab's one socket, opened when one of them is
 * shown. One request grants all that are asked for at once.
 */
export class CommentTexts {
  readonly #dossierId: Id
  readonly #notes = new SvelteMap<Id, OpenNote>()
  /** Granted and not taken up yet: each opens one document, once. */
  #granted = new Map<Id, CommentGrant>()
  #asking: Promise<void> | null = null
  readonly #ending = new AbortController()
  /** A document that is refused again and again is not asked for without end. */
  readonly #renewedAt = new Map<Id, number>()

  constructor(dossierId: Id) {
    this.#dossierId = dossierId
  }

  /** Opens the documents of these authors that are not open yet. */
  open(authorIds: Iterable<Id>): void {
    for (const authorId of new Set(authorIds)) {
      if (this.#notes.has(authorId)) continue
      const grant = () => this.#grant(authorId)
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
    this.#ending.abort()
    for (const note of this.#notes.values()) note.destroy()
  }

  async #grant(authorId: Id): Promise<CommentGrant | null> {
    if (!this.#granted.has(authorId)) await (this.#asking ??= this.#ask())
    const grant = this.#granted.get(authorId) ?? null
    this.#granted.delete(authorId)
    return grant
  }

  /** All at once, a turn later: those who ask in the same turn are answered together. */
  async #ask(): Promise<void> {
    try {
      const answer = await postForGrant(`/api/v1/dossiers/${this.#dossierId}/comments/grants`, fetch, this.#ending.signal)
      const grants = answer === null ? [] : CommentGrantsAnswer.parse(answer).grants
      this.#granted = new Map(grants.map((grant) => [grant.authorId, grant]))
    } finally {
      this.#asking = null
    }
  }
}
