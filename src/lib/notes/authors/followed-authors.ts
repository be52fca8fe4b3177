import * as Y from 'yjs'
import type { Id } from '#shared/contracts/ids.ts'
import type { Authors } from '../versions/note-authors.ts'

interface FollowOptions {
  /** Asks the server; rejects where it cannot be asked. */
  fetchAuthors: () => Promise<Authors>
  /** Who writes in this browser. */
  me: Id | null
  /** Somebody is known now who was not. */
  onChange: () => void
  now?: () => number
}

/** So long after it was asked the server is not asked again, in milliseconds: not for each letter of somebody it does not know. */
const restMs = 2_000

/**
 * Who wrote what in a note that is open here. The server tells what lies in its log, and is asked again where somebody writes whom it had not told
 * of; when something was written since is heard from the document itself.
 */
export class FollowedAuthors {
  readonly #doc: Y.Doc
  readonly #options: Required<FollowOptions>
  #authors: Authors | null = null
  #failed = false
  #asking: Promise<void> | null = null
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(doc: Y.Doc, options: FollowOptions) {
    this.#doc = doc
    this.#options = { now: Date.now, ...options }
    doc.on('afterTransaction', this.#hear)
  }

  /** Null: not known yet. Another object each time the server was asked. */
  get authors(): Authors | null {
    return this.#authors
  }

  /** The server could not be asked the last time. */
  get failed(): boolean {
    return this.#failed
  }

  /** Asks the server, unless all that is written is known. Never rejects. */
  async ask(): Promise<void> {
    if (this.#authors && !this.#isSomebodyUnknown([...Y.decodeStateVector(Y.encodeStateVector(this.#doc)).keys()])) return
    this.#asking ??= this.#ask().finally(() => (this.#asking = null))
    return this.#asking
  }

  destroy(): void {
    clearTimeout(this.#timer)
    this.#doc.off('afterTransaction', this.#hear)
  }

  async #ask(): Promise<void> {
    const { fetchAuthors, me, onChange } = this.#options
    const before = Y.decodeStateVector(Y.encodeStateVector(this.#doc))
    try {
      const authors = await fetchAuthors()
      if (me !== null) authors.grant(this.#doc.clientID, me)
      const now = this.#options.now()
      // what came while it answered
      for (const [client, clock] of Y.decodeStateVector(Y.encodeStateVector(this.#doc)))
        if (clock > (before.get(client) ?? 0)) authors.hear(client, clock, now)
      this.#authors = authors
      this.#failed = false
    } catch {
      this.#failed = true
    }
    onChange()
  }

  #hear = ({ beforeState, afterState }: Y.Transaction): void => {
    const authors = this.#authors
    if (!authors) return
    const wrote = [...afterState].filter(([client, clock]) => clock > (beforeState.get(client) ?? 0))
    for (const [client, clock] of wrote) authors.hear(client, clock, this.#options.now())
    if (this.#isSomebodyUnknown(wrote.map(([client]) => client))) this.#askSoon()
  }

  #isSomebodyUnknown(clients: readonly number[]): boolean {
    return clients.some((client) => !(this.#authors?.knows(client) ?? false))
  }

  #askSoon(): void {
    if (this.#timer !== undefined) return
    void this.ask()
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      void this.ask()
    }, restMs)
  }
}
