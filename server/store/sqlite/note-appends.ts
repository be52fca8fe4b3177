import type { Id } from '#shared/contracts/ids.ts'
import { fenceOf } from '../fence.ts'
import type { AppendResult, NoteAppend } from '../store.ts'
import { halfBytes, type JournalFile } from './journal-file.ts'
import { encodeRecord } from './journal-record.ts'
import type { NoteTable } from './notes.ts'
import { PendingNotes } from './pending-notes.ts'
import type { Writer } from './writer.ts'

/** So long the database may be behind the journal: the longer, the fewer pages are written for the same words. */
const behindMs = 500
/** And so far. */
const behindBytes = halfBytes / 2

/** Of these fences of an office no append may be judged while something changes what is behind them. */
interface Barrier {
  officeId: Id
  fences: ReadonlySet<number>
  lifted: Promise<void>
}

/**
 * Appends to the logs of notes. A group of them is judged, written to the journal and with that stored; the database gets it with others
 * later. What reads a note adds what is pending, what changes a note otherwise has it put away first, and what raises fences lets the
 * appends before it finish and those after it wait.
 */
export class NoteAppends {
  readonly #notes: Pick<NoteTable, 'judge'>
  readonly #journal: JournalFile
  readonly #writer: () => Writer
  /** Of the half that is written. */
  #written = new PendingNotes()
  #records: Uint8Array[] = []
  #bytes = 0
  /** Of the half that is on its way into the database; null: none is. */
  #leaving: { generation: number; pending: PendingNotes; records: Uint8Array } | null = null
  #draining: Promise<void> | null = null
  #fault: unknown = null
  #line: Promise<unknown> = Promise.resolve()
  #timer: NodeJS.Timeout | null = null
  readonly #barriers = new Set<Barrier>()

  constructor(notes: Pick<NoteTable, 'judge'>, journal: JournalFile, writer: () => Writer) {
    this.#notes = notes
    this.#journal = journal
    this.#writer = writer
  }

  /** What is on disk and may not be in the database: first what is older. */
  get pending(): readonly PendingNotes[] {
    return this.#leaving ? [this.#leaving.pending, this.#written] : [this.#written]
  }

  /** See the port. */
  async append(appends: readonly NoteAppend[]): Promise<AppendResult[]> {
    for (;;) {
      if (this.#barriers.size > 0) await this.#passable(appends)
      const results = await this.#inLine(async () => (this.#barrierOf(appends) ? null : this.#append(appends)))
      if (results) return results
    }
  }

  /**
   * Does a write that changes what stands behind these fences: appends before it are finished, those after it are judged when it is done.
   * `putAway` has everything pending in the database first.
   */
  async behind<T>(officeId: Id, fences: readonly number[], { putAway }: { putAway: boolean }, write: () => Promise<T>): Promise<T> {
    const { promise: lifted, resolve: lift } = Promise.withResolvers<void>()
    const barrier: Barrier = { officeId, fences: new Set(fences), lifted }
    this.#barriers.add(barrier)
    try {
      await (putAway ? this.putAway() : this.#line)
      return await write()
    } finally {
      this.#barriers.delete(barrier)
      lift()
    }
  }

  /** Resolves when all that was appended before is in the database; throws when it cannot be written. */
  async putAway(): Promise<void> {
    while (!(await this.#inLine(async () => this.#turn()))) await this.#drain()
    await this.#drain()
  }

  /** Ends in order. What cannot be put away stays in the journal for the next start. */
  async close(): Promise<void> {
    const remove = await this.putAway().then(
      () => true,
      () => false,
    )
    if (this.#timer) clearTimeout(this.#timer)
    await this.#journal.close({ remove })
  }

  async #append(appends: readonly NoteAppend[]): Promise<AppendResult[]> {
    // a database that takes nothing more: what is called stored has to get there
    if (this.#fault) await this.#drain()
    const { results, stored } = this.#judge(appends)
    if (stored.length === 0) return results
    const record = encodeRecord(stored)
    if (record.length > halfBytes) return this.#appendLarge(appends)
    if (!this.#journal.hasRoomFor(record.length)) {
      await this.#makeRoom()
      void this.#drain().catch(() => {})
    }
    await this.#journal.write(record)
    this.#note(stored, record)
    return results
  }

  /** What the journal has no room for goes straight into the database, after everything before it. */
  async #appendLarge(appends: readonly NoteAppend[]): Promise<AppendResult[]> {
    await this.#makeRoom()
    await this.#drain()
    return this.#writer().write('appendNotes', appends)
  }

  async #makeRoom(): Promise<void> {
    if (this.#leaving) await this.#drain()
    this.#turn()
  }

  #note(stored: readonly NoteAppend[], record: Uint8Array): void {
    this.#written.add(stored)
    this.#records.push(record)
    this.#bytes += record.length
    if (this.#bytes >= behindBytes && !this.#leaving) void this.putAway().catch(() => {})
    this.#putAwayLater()
  }

  /** When it fails it is tried again; the next append says what is wrong. */
  #putAwayLater(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null
      void this.putAway().catch(() => this.#putAwayLater())
    }, behindMs).unref()
  }

  #judge(appends: readonly NoteAppend[]): { results: AppendResult[]; stored: NoteAppend[] } {
    const lastSeqs = new Map<string, number>()
    const stopped = new Set<string>()
    const stored: NoteAppend[] = []
    const results = appends.map((append): AppendResult => {
      const { officeId, note, seq } = append
      const place = `${officeId}/${note}`
      if (stopped.has(place)) return 'raced'
      const pending =
        lastSeqs.get(place) ?? (this.#written.lastSeq(officeId, note) || (this.#leaving?.pending.lastSeq(officeId, note) ?? 0))
      const result = this.#notes.judge(append, pending)
      if (result === 'stored') {
        lastSeqs.set(place, seq)
        stored.push(append)
      } else stopped.add(place)
      return result
    })
    return { results, stored }
  }

  /** Lets what is written leave. False: something else is on its way still. */
  #turn(): boolean {
    if (this.#written.isEmpty) return true
    if (this.#leaving) return false
    this.#leaving = { generation: this.#journal.turn(), pending: this.#written, records: Buffer.concat(this.#records) }
    this.#written = new PendingNotes()
    this.#records = []
    this.#bytes = 0
    return true
  }

  async #drain(): Promise<void> {
    if (this.#leaving) await (this.#draining ??= this.#drainNow(this.#leaving))
  }

  async #drainNow({ generation, records }: { generation: number; records: Uint8Array }): Promise<void> {
    try {
      await this.#writer().write('putAway', generation, records)
      this.#fault = null
      // it counts as put away all the same
      await this.#journal.blank(records.length).catch(() => {})
      this.#leaving = null
    } catch (error) {
      this.#fault = error
      throw error
    } finally {
      // in the same turn: what leaves next is another drain
      this.#draining = null
    }
  }

  #barrierOf(appends: readonly NoteAppend[]): Barrier | undefined {
    if (this.#barriers.size === 0) return undefined
    const isBehind = ({ officeId, fences }: Barrier) =>
      appends.some((append) => append.officeId === officeId && fences.has(fenceOf(append.note)))
    return [...this.#barriers].find(isBehind)
  }

  async #passable(appends: readonly NoteAppend[]): Promise<void> {
    for (let barrier = this.#barrierOf(appends); barrier; barrier = this.#barrierOf(appends)) await barrier.lifted
  }

  #inLine<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#line.then(work)
    this.#line = done.catch(() => {})
    return done
  }
}
