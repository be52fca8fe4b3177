import type { Id } from '#shared/contracts/ids.ts'
import { partsOf } from '#shared/contracts/note-id.ts'
import { grantOfComments } from '../notes/comment-grants.ts'
import { openNote } from '../notes/note.svelte.ts'
import type { WaitingText } from './copies.ts'
import { copies } from './tab-copies.ts'

/** What was typed in this browser and is not stored by the server yet, of all dossiers. */
class Waiting {
  #texts: WaitingText[] = $state.raw([])
  readonly #sending = new Set<string>()

  /** The dossiers with something that waits, each once. */
  get dossierIds(): Id[] {
    return [...new Set(this.#texts.map(({ dossierId }) => dossierId))]
  }

  /** Keeps itself up to date. Returns the way out. */
  watch(): () => void {
    void this.#look()
    return copies.onChange(() => void this.#look())
  }

  /** There is a connection: erases what was withdrawn, then sends what waits, also of dossiers that are not on the screen. */
  async send(): Promise<void> {
    await copies.eraseWithdrawn().catch(() => 0)
    await this.#look()
    for (const { text } of this.#texts) this.#sendOne(text)
  }

  async #look(): Promise<void> {
    this.#texts = await copies.waiting().catch(() => [])
  }

  #sendOne(text: string): void {
    if (this.#sending.has(text)) return
    this.#sending.add(text)
    const { dossierId, authorId } = partsOf(text)
    const note = openNote(text, { onDenied() {}, ...(authorId !== null && { grant: grantOfComments(dossierId, authorId) }) })
    const stop = $effect.root(() => {
      $effect(() => {
        const { state } = note.status
        if (state === 'loading' || state === 'offline' || state === 'unsaved') return
        queueMicrotask(() => {
          stop()
          note.destroy()
          this.#sending.delete(text)
        })
      })
    })
  }
}

export const waiting = new Waiting()
