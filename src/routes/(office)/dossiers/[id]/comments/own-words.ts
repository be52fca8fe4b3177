import type { OpenNote } from '$lib/notes/note.svelte.ts'
import { unsavedText, writtenSoFar } from '$lib/components/note/unsaved-text.ts'

/** What was typed here into one's own document and is not stored: it can be copied out when the document goes away. */
export class OwnWords {
  /** How far what was written here is known to be stored. */
  #storedClock = 0

  /** To be called when the document's status changed. */
  look({ doc, status }: OpenNote): void {
    if (doc && status.state === 'saved') this.#storedClock = writtenSoFar(doc)
  }

  /** Empty where everything is stored. */
  unsaved({ doc, status }: OpenNote): string {
    return doc && status.hasUnsaved ? unsavedText(doc, this.#storedClock) : ''
  }

  /** Another document took its place, with another client id. */
  restart(): void {
    this.#storedClock = 0
  }
}
