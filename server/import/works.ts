import { performance } from 'node:perf_hooks'
import type { Id, Instant } from '#shared/contracts/ids.ts'
import type { ImportJob } from '#shared/contracts/import-job.ts'
import type { Log } from '../log.ts'
import type { StorePlace } from '../store/open.ts'
import { fileBlob, find, type Incoming, type IncomingStore, put, type Work } from './incoming.ts'
import { PlanningThread } from './planning-thread.ts'

/** So often whoever works on a file says that they do, in milliseconds. */
const beatMs = 1_000
/** How often the same work is begun before it is given up: what ends one node after the other is not tried for ever. */
export const mostTries = 3
/** How long a thread keeps a file that nothing is done with, in milliseconds. */
const idleMs = 600_000
const mostSaves = 5
/** So many threads hold a file that nothing is done with; those used longest ago are ended, and begun again when they are asked. */
const mostIdle = 8

/** What became of a file by a piece of work. */
export interface Outcome {
  job: Partial<ImportJob>
  faults?: Id | null
}

/** A file that this node works on. */
export interface Hand {
  incoming: Incoming
  /** As it will be when this is kept; until then it is still being worked on. */
  after: Incoming | null
  readonly claim: Id
  /** Somebody else has it, or nobody: what is found is not kept. */
  isLost: boolean
  saving: Promise<boolean> | null
}

interface Table {
  thread: PlanningThread
  usedAt: number
}

export interface WorksOptions {
  place: StorePlace
  store: IncomingStore
  log: Log
  now: () => Instant
  newId: () => Id
}

/**
 * What this node does with files on their way in. Whoever does something claims it in the store and says every second that they go on; where
 * it stands still another node takes it over, and what the former one finds later is not kept.
 */
export class Works {
  readonly #options: WorksOptions
  readonly #hands = new Map<Id, Hand>()
  readonly #threads = new Map<Id, Table>()
  readonly #beat: NodeJS.Timeout

  constructor(options: WorksOptions) {
    this.#options = options
    this.#beat = setInterval(() => this.#sayAlive(), beatMs)
    this.#beat.unref()
  }

  get size(): number {
    return this.#hands.size
  }

  /** A file as it is while this node works on it; null: it does not. */
  at(id: Id): Incoming | null {
    return this.#hands.get(id)?.incoming ?? null
  }

  /** Claims a file for a piece of work; null: somebody else was faster, or it is gone. */
  async claim(incoming: Incoming, work: Work, tries = 1): Promise<Hand | null> {
    const claim = this.#options.newId()
    const claimed: Incoming = { ...incoming, job: { ...incoming.job }, work: { ...work, claim, tries } }
    if (!(await put(this.#options.store, claimed, this.#options.now()))) return null
    const hand: Hand = { incoming: { ...claimed, revision: claimed.revision + 1 }, after: null, claim, isLost: false, saving: null }
    this.#hands.set(incoming.job.id, hand)
    return hand
  }

  /** Goes on with what was left; null: it was begun too often, or somebody else was faster. */
  async takeOver(incoming: Incoming): Promise<Hand | null> {
    const { work } = incoming
    if (!work) return null
    if (work.tries < mostTries) return this.claim(incoming, work, work.tries + 1)
    const hand = await this.claim(incoming, work, work.tries)
    if (hand) await this.run(hand, () => Promise.reject(new Error('one node after the other ended over it')))
    return null
  }

  /** Does what was claimed, and keeps what became of it. */
  async run(hand: Hand, perform: (incoming: Incoming) => Promise<Outcome>): Promise<void> {
    const { log } = this.#options
    const { job } = hand.incoming
    const outcome = await perform(hand.incoming).catch((error: unknown) => {
      if (!hand.isLost) log.error({ err: error, state: job.state }, 'a file could not be imported')
      return { job: failed(job, error) }
    })
    if (hand.isLost) return
    const { incoming } = hand
    hand.after = { ...incoming, ...outcome, job: { ...incoming.job, ...outcome.job }, work: null }
    await this.save(hand).catch((err: unknown) => log.warn({ err }, 'what became of a file is kept with the next beat'))
  }

  /** Keeps what is known of it now. False: it is another's, or gone. */
  save(hand: Hand): Promise<boolean> {
    const before = hand.saving ?? Promise.resolve()
    const saving = before.then(
      () => this.#put(hand),
      () => this.#put(hand),
    )
    const settled = () => void (hand.saving === saving && (hand.saving = null))
    saving.then(settled, settled)
    return (hand.saving = saving)
  }

  /** The thread that has a file in its memory, or reads it now. */
  thread({ officeId, job }: Incoming): PlanningThread {
    const known = this.#threads.get(job.id)
    if (known) known.usedAt = performance.now()
    if (known) return known.thread
    const upload = { id: job.id, bytes: job.bytes }
    const thread = new PlanningThread({ place: this.#options.place, officeId, file: job.file, upload }, (progress) => {
      const hand = this.#hands.get(job.id)
      if (hand) hand.incoming.job.progress = progress
    })
    this.#threads.set(job.id, { thread, usedAt: performance.now() })
    const idle = [...this.#threads].filter(([id]) => !this.#hands.has(id)).sort(([, a], [, b]) => b.usedAt - a.usedAt)
    for (const [id] of idle.slice(mostIdle)) void this.#closeThread(id)
    return thread
  }

  /** Lets go of a file that is put away. */
  async forget(id: Id): Promise<void> {
    const hand = this.#hands.get(id)
    if (hand) this.#lose(hand)
    await this.#closeThread(id)
  }

  /** Ends threads whose file was not needed for long: it is read again where it is. */
  tidyUp(): void {
    const before = performance.now() - idleMs
    for (const [id, { usedAt }] of this.#threads) if (usedAt < before && !this.#hands.has(id)) void this.#closeThread(id)
  }

  /** Lets go of everything: another node goes on with it at once. */
  async close(): Promise<void> {
    clearInterval(this.#beat)
    await Promise.all([...this.#hands.values()].map((hand) => this.#letGo(hand)))
    await Promise.all([...this.#threads.keys()].map((id) => this.#closeThread(id)))
  }

  async #letGo(hand: Hand): Promise<void> {
    const { incoming } = hand
    this.#lose(hand)
    await hand.saving?.catch(() => {})
    hand.incoming = { ...incoming, work: incoming.work && { ...incoming.work, claim: null, tries: incoming.work.tries - 1 } }
    await this.#put(hand).catch((err: unknown) => this.#options.log.warn({ err }, 'another node goes on with a file only after a while'))
  }

  /** What became of it is kept. */
  async #settle(hand: Hand, { officeId, job }: Incoming): Promise<void> {
    if (this.#hands.get(job.id) === hand) this.#hands.delete(job.id)
    if (job.state !== 'done' && job.state !== 'failed') return
    await this.#closeThread(job.id)
    const dropped = this.#options.store.dropUploadBlob(officeId, job.id, fileBlob)
    await dropped.catch((err: unknown) => this.#options.log.warn({ err }, 'a file that is done with stays for an hour'))
  }

  #sayAlive(): void {
    for (const hand of this.#hands.values()) {
      if (!hand.saving) this.save(hand).catch((err: unknown) => this.#options.log.warn({ err }, 'how far a file is could not be kept'))
    }
  }

  /** Of a put that failed it is not known whether it happened: looked up, as long as the claim stands. */
  async #put(hand: Hand): Promise<boolean> {
    const { store, now } = this.#options
    for (let tries = 1; ; tries++) {
      const { after } = hand
      try {
        if (await put(store, { ...(after ?? hand.incoming), revision: hand.incoming.revision }, now())) {
          hand.incoming.revision++
          if (after) await this.#settle(hand, after)
          return true
        }
        const { officeId, job } = hand.incoming
        const there = await find(store, officeId, job.id)
        if (there?.work?.claim !== hand.claim) {
          this.#lose(hand)
          await this.#closeThread(job.id)
          return false
        }
        hand.incoming.revision = there.revision
      } catch (error) {
        if (tries === mostSaves) throw error
      }
    }
  }

  #lose(hand: Hand): void {
    hand.isLost = true
    const { id } = hand.incoming.job
    if (this.#hands.get(id) === hand) this.#hands.delete(id)
  }

  async #closeThread(id: Id): Promise<void> {
    const known = this.#threads.get(id)
    this.#threads.delete(id)
    await known?.thread.close()
  }
}

function failed({ file }: ImportJob, error: unknown): Partial<ImportJob> {
  const isTooMuch = error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'
  return { state: 'failed', problem: { file, line: 1, column: null, reason: isTooMuch ? 'tooManyRows' : 'failed', value: '' } }
}
