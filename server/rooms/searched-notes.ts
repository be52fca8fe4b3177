import type { Id } from '#shared/contracts/ids.ts'
import { partsOf } from '#shared/contracts/note-id.ts'
import type { Log } from '../log.ts'
import type { NoteText, Store } from '../store/store.ts'
import type { Clock, Timer } from './clock.ts'
import type { Compactable } from './compact.ts'

/** So many dossiers are looked at in one go. */
const pageLength = 200

export interface SearchOptions {
  store: Pick<Store, 'note' | 'page' | 'putNoteTexts' | 'notesUnread'>
  /** So long nobody wrote in a note before it is read for searches, in milliseconds. */
  restMs?: number
  /** So long after it was first written in it is read all the same. */
  mostMs?: number
}

interface Place {
  officeId: Id
  note: Id
}
interface Due {
  timer: Timer
  since: number
  wroteAt: number
}

/**
 * Has the store know what the notes of dossiers say, a while after they were written in. Nothing waits for it; what a stop or a fault leaves
 * out is found by the next sweep.
 */
export class SearchedNotes {
  readonly #options: Required<SearchOptions>
  readonly #around: { clock: Clock; log: Log; textOf: (log: Compactable) => Promise<string> }
  readonly #due = new Map<string, Due>()
  readonly #running = new Set<Promise<void>>()
  #isClosed = false

  constructor(options: SearchOptions, around: { clock: Clock; log: Log; textOf: (log: Compactable) => Promise<string> }) {
    this.#options = { restMs: 5_000, mostMs: 60_000, ...options }
    this.#around = around
  }

  /** More of a note is stored. */
  wrote(place: Place): void {
    if (this.#isClosed || partsOf(place.note).authorId !== null) return
    const key = `${place.officeId}/${place.note}`
    const now = this.#around.clock.now()
    const due = this.#due.get(key)
    if (due) due.wroteAt = now
    else this.#due.set(key, { timer: this.#after(this.#options.restMs, key, place), since: now, wroteAt: now })
  }

  /** Reads every note of an office that holds more than the store knows of it. Never rejects. */
  sweep(officeId: Id): Promise<void> {
    return this.#run(this.#sweep(officeId), officeId)
  }

  /** Reads nothing more; resolves when nothing is being read. */
  async close(): Promise<void> {
    this.#isClosed = true
    for (const { timer } of this.#due.values()) timer.cancel()
    this.#due.clear()
    await Promise.all(this.#running)
  }

  #after(ms: number, key: string, place: Place): Timer {
    return this.#around.clock.after(ms, () => this.#look(key, place)).unref()
  }

  #look(key: string, place: Place): void {
    const due = this.#due.get(key)
    if (!due) return
    const now = this.#around.clock.now()
    const restsFor = due.wroteAt + this.#options.restMs - now
    if (restsFor > 0 && now - due.since < this.#options.mostMs) {
      due.timer = this.#after(restsFor, key, place)
      return
    }
    this.#due.delete(key)
    void this.#run(this.#read(place.officeId, [place.note]), place.officeId)
  }

  async #sweep(officeId: Id): Promise<void> {
    const { store } = this.#options
    let after: Id | null = null
    while (!this.#isClosed) {
      const page: { id: Id }[] = await store.page(officeId, 'dossier', after, pageLength)
      const ids = page.map(({ id }) => id)
      await this.#read(officeId, await store.notesUnread(officeId, ids))
      after = ids.at(-1) ?? null
      if (page.length < pageLength) return
    }
  }

  async #read(officeId: Id, notes: readonly Id[]): Promise<void> {
    const texts: NoteText[] = []
    for (const note of notes) {
      if (this.#isClosed) return
      const log = await this.#options.store.note(officeId, note)
      const seq = log.updates.at(-1)?.seq ?? log.snapshot?.seq
      if (seq !== undefined) texts.push({ note, epoch: log.epoch, seq, text: await this.#around.textOf(log) })
    }
    if (texts.length > 0 && !this.#isClosed) await this.#options.store.putNoteTexts(officeId, texts)
  }

  #run(reading: Promise<void>, officeId: Id): Promise<void> {
    const settled = reading.catch((err: unknown) => {
      if (!this.#isClosed) this.#around.log.warn({ err, officeId }, 'what a note says is not known to searches yet')
    })
    this.#running.add(settled)
    return settled.finally(() => this.#running.delete(settled))
  }
}
