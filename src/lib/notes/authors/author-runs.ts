import * as Y from 'yjs'
import type { Id, Instant } from '#shared/contracts/ids.ts'
import type { Authors } from '../versions/note-authors.ts'

/** Who wrote something, and when. */
export interface Wrote {
  /** Null: not known. */
  by: Id | null
  /** Null: not known. */
  at: Instant | null
}

/** A stretch of text by one hand, at the editor's positions: from, and up to but without. */
export interface AuthorRun extends Wrote {
  from: number
  to: number
}

export interface BlockRuns {
  /** In ascending order; two that touch differ in who or when. */
  runs: AuthorRun[]
  /** How many positions the whole block takes: that of the editor's node, unless they are not in step. */
  size: number
}

/**
 * Who wrote what in a block of a note.
 * @param isLeaf is this the name of an element that holds nothing, and takes one position?
 */
export function authorRuns(block: Y.XmlElement, authors: Authors, isLeaf: (name: string) => boolean): BlockRuns {
  const runs: AuthorRun[] = []
  const size = new Walk(runs, authors, isLeaf).element(block, 0)
  return { runs, size }
}

class Walk {
  readonly #runs: AuthorRun[]
  readonly #authors: Authors
  readonly #isLeaf: (name: string) => boolean

  constructor(runs: AuthorRun[], authors: Authors, isLeaf: (name: string) => boolean) {
    this.#runs = runs
    this.#authors = authors
    this.#isLeaf = isLeaf
  }

  /** Walks through what begins at this position; where it ends. */
  element(element: Y.XmlElement, from: number): number {
    if (this.#isLeaf(element.nodeName)) return element._item ? this.#letters(element._item.id, from, 1) : from + 1
    let at = from + 1
    for (const child of element.toArray()) {
      if (child instanceof Y.XmlElement) at = this.element(child, at)
      else if (child instanceof Y.XmlText) at = this.#text(child, at)
    }
    return at + 1
  }

  #text(text: Y.XmlText, from: number): number {
    let at = from
    for (let item = text._start; item; item = item.right) {
      if (!item.deleted && item.content instanceof Y.ContentString) at = this.#letters(item.id, at, item.length)
    }
    return at
  }

  /** Letters of one client id with clocks that follow on one another: they may have been written at several times. */
  #letters({ client, clock }: Y.ID, from: number, length: number): number {
    const by = this.#authors.writer(client)
    for (let done = 0; done < length;) {
      const next = Math.min(length, this.#authors.writtenUpTo(client, clock + done) - clock)
      this.#add({ from: from + done, to: from + next, by, at: this.#authors.writtenAt(client, clock + done) })
      done = next
    }
    return from + length
  }

  #add(run: AuthorRun): void {
    const last = this.#runs.at(-1)
    if (last && last.to === run.from && last.by === run.by && last.at === run.at) last.to = run.to
    else this.#runs.push(run)
  }
}
