import type { MentionsAnswer } from '#shared/contracts/answers/comment.ts'
import type { OfficeEvent } from '#shared/contracts/events.ts'
import type { Id } from '#shared/contracts/ids.ts'
import type { Mention } from '#shared/contracts/mention.ts'
import { isCommentEvent } from '#shared/domain/comments.ts'
import { fetchJson } from './fetch-json.ts'
import { live } from './live.svelte.ts'

/** So many that were seen stay in reach. */
const mostRecent = 8

/** What this member was mentioned in: it rings when it happens, and stays until it was seen. */
class Mentions {
  /** Newest first. */
  unseen: readonly Mention[] = $state.raw([])
  /** Seen since this page was opened, the last one first. */
  recent: readonly Mention[] = $state.raw([])

  /**
   * Fetches them and keeps them up to date for as long as the office is open.
   * @param onRing called for each that comes in
   * @returns the way out
   */
  watch(onRing: (mention: Mention) => void): () => void {
    void this.#load()
    const stopEvents = live.workspace.onEvent((event) => this.#hear(event, onRing))
    const stopStale = live.workspace.onStale(() => void this.#load())
    return () => {
      stopEvents()
      stopStale()
    }
  }

  /** The one in this comment that was not seen yet. */
  in(commentId: Id): Mention | undefined {
    return this.unseen.find((mention) => mention.commentId === commentId)
  }

  /** They were seen, here and on this member's other screens. */
  see(mentions: readonly Mention[]): void {
    if (mentions.length === 0) return
    const mentionIds = mentions.map(({ id }) => id)
    this.#take(mentionIds)
    void live.send({ type: 'mention.see', mentionIds }).then(({ ok }) => ok || void this.#load())
  }

  #hear(event: OfficeEvent, onRing: (mention: Mention) => void): void {
    if (event.type === 'mention.seen') return this.#take(event.mentionIds)
    if (!isCommentEvent(event)) return
    const { id, mentions } = event.comment
    // what is not said any more, or not there any more, is not to be seen
    if (!mentions.includes(live.workspace.memberId)) this.unseen = this.unseen.filter(({ commentId }) => commentId !== id)
    for (const mention of event.mentions) if (mention.memberId === live.workspace.memberId) this.#ring(mention, onRing)
  }

  #ring(mention: Mention, onRing: (mention: Mention) => void): void {
    if (this.unseen.some(({ id }) => id === mention.id)) return
    this.unseen = [mention, ...this.unseen]
    onRing(mention)
  }

  #take(mentionIds: readonly Id[]): void {
    const seen = this.unseen.filter(({ id }) => mentionIds.includes(id))
    this.unseen = this.unseen.filter(({ id }) => !mentionIds.includes(id))
    this.recent = [...seen, ...this.recent].slice(0, mostRecent)
  }

  async #load(): Promise<void> {
    // without an answer what is known stays; the next fresh snapshot asks again
    const answer = await fetchJson<MentionsAnswer>('/api/v1/mentions').catch(() => null)
    if (answer) this.unseen = answer.mentions.filter(({ seenAt }) => seenAt === null)
  }
}

/** The signed-in member's. */
export const mentions = new Mentions()
