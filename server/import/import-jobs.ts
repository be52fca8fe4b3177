import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import type { Id, Instant } from '#shared/contracts/ids.ts'
import type { ImportCounts, ImportFile, ImportSummary } from '#shared/contracts/import.ts'
import { type CheckImport, type ImportJob, mostImportBytes, type RunImport } from '#shared/contracts/import-job.ts'
import type { Refusal } from '#shared/contracts/refusals.ts'
import type { Actor } from '#shared/domain/access.ts'
import type { CommandQueue } from '../commands/queue.ts'
import type { Log } from '../log.ts'
import type { StorePlace } from '../store/open.ts'
import type { Store } from '../store/store.ts'
import { commitImport, commitUndo } from './commit-import.ts'
import { importFields } from './fields.ts'
import { announceTexts, dropLeftTexts } from './first-texts.ts'
import { find, type Incoming, keepBlob, keepFile, ofOffice, PutAway, readBlob, type RunWork } from './incoming.ts'
import { PlanningThread } from './planning-thread.ts'
import { type Standing, Watch } from './watch.ts'
import { type Hand, mostTries, type Outcome, Works } from './works.ts'

/** How long a file that nobody goes on with is kept, in milliseconds. */
const keptMs = 3_600_000
/** How often this node looks how files stand, and how long whoever works on one may be silent before another goes on, in milliseconds. */
const lookMs = 2_000
const silenceMs = 10_000
/** A file whose node has said nothing for so long is not coming any more; one that stands still is ended by the server's time limit for a request. */
const comingMs = 60_000
/** Files on their way in at once: of a member, of an office, and in the works of a node. */
const mostOfMember = 3
const mostOfOffice = 12
const mostOfNode = 12
/** Files of a member that are done with, and still tell what became of them. */
const mostFinished = 6

export interface ImportOptions {
  place: StorePlace
  store: Store
  queue: CommandQueue
  log: Log
  now: () => Instant
  newId: () => Id
  /** Instead of the usual, in milliseconds. */
  silenceMs?: number
}

/** Files on their way in: kept in the store, so that any node goes on with them; read, checked and imported in one thread a file. */
export class ImportJobs {
  readonly #options: ImportOptions
  readonly #works: Works
  readonly #watch: Watch
  readonly #looking: NodeJS.Timeout
  #look: Promise<void> | null = null
  /** One after the other: each counts what is there. */
  #admitting: Promise<unknown> = Promise.resolve()

  constructor(options: ImportOptions) {
    this.#options = options
    this.#works = new Works(options)
    // of a server of an older version that was killed
    rmSync(join(options.place.dataDir, 'imports'), { recursive: true, force: true })
    this.#watch = new Watch(options.store)
    this.#looking = setInterval(() => (this.#look ??= this.#lookOnce()), Math.min(lookMs, this.#silenceMs))
    this.#looking.unref()
  }

  /** Takes in a file and begins to read it. A body that grows too large is cut off, and nothing of it is kept. */
  async take(actor: Actor, file: ImportFile, fileName: string, body: ReadableStream<Uint8Array> | null): Promise<ImportJob | Refusal> {
    const hand = await this.#admit(actor, newJob(this.#options.newId(), file, fileName))
    if (!hand) return { code: 'importsBusy' }
    const { incoming } = hand
    try {
      const source = body ? Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0]) : Readable.from([])
      const bytes = await keepFile(this.#options.store, incoming.officeId, incoming.job.id, source)
      if (bytes === null) {
        await this.#putAway(incoming)
        return { code: 'fileTooLarge', mostBytes: mostImportBytes }
      }
      incoming.job.bytes = bytes
      incoming.work = { kind: 'read', claim: hand.claim, tries: 1 }
      if (!(await this.#works.save(hand))) throw new PutAway()
      this.#begin(hand)
      return { ...incoming.job }
    } catch (error) {
      await this.#putAway(incoming)
      if (error instanceof PutAway) return { code: 'importsBusy' }
      throw error
    }
  }

  /** A member's own file; null where there is none (any more). */
  async find(actor: Actor, id: Id): Promise<ImportJob | null> {
    return (await this.#own(actor, id))?.job ?? null
  }

  /** Begins the dry run. */
  async check(actor: Actor, id: Id, asked: CheckImport): Promise<ImportJob | Refusal> {
    const incoming = await this.#own(actor, id)
    if (!incoming) return { code: 'importGone' }
    const { job } = incoming
    if (job.state !== 'read' && job.state !== 'checked') return { code: 'importsBusy' }
    const issue = issueOf(job, asked)
    if (issue) return { code: 'invalid', issues: [issue] }
    const begun = { ...job, state: 'checking' as const, result: null, refusal: null, progress: { done: 0, total: job.rows } }
    return this.#start({ ...incoming, asked, job: begun }, { kind: 'check' })
  }

  /** Begins the import of what was checked. */
  async run(actor: Actor, id: Id, { faulty }: RunImport, tokenId: Id | null = null): Promise<ImportJob | Refusal> {
    const incoming = await this.#own(actor, id)
    if (!incoming) return { code: 'importGone' }
    const { job } = incoming
    if (job.state !== 'checked' || !job.result) return { code: 'importNotChecked' }
    const { counts, faultCount } = job.result
    if (faulty === 'refuse' && faultCount > 0) return { code: 'importFaulty', count: faultCount }
    if (counts.created + counts.changed === 0) return { code: 'importEmpty' }
    const begun = { ...job, state: 'running' as const, progress: { done: 0, total: counts.created + counts.changed } }
    const { newId } = this.#options
    const mostFaulty = faulty === 'refuse' ? 0 : counts.faulty
    return this.#start({ ...incoming, job: begun }, { kind: 'run', mostFaulty, importId: newId(), commandId: newId(), tokenId })
  }

  /** The faulty rows of the last dry run, as a file; null where there is no such import, or there are none. */
  async faultsFile(actor: Actor, id: Id): Promise<Uint8Array<ArrayBuffer> | null> {
    const incoming = await this.#own(actor, id)
    return incoming?.faults ? readBlob(this.#options.store, incoming.officeId, id, incoming.faults) : null
  }

  /** Puts a file away. One that is being imported is imported all the same. */
  async drop(actor: Actor, id: Id): Promise<void> {
    const incoming = await this.#own(actor, id)
    if (incoming && incoming.job.state !== 'running') await this.#putAway(incoming)
  }

  /** The office's imports, newest first. */
  async history(actor: Actor): Promise<ImportSummary[]> {
    const all = await this.#options.store.all(actor.officeId, 'import')
    return all.toSorted((a, b) => b.n - a.n)
  }

  /** Takes an import back while nothing in it has changed. */
  async undo({ officeId, memberId }: Actor, importId: Id, tokenId: Id | null = null): Promise<{ n: number | null } | Refusal> {
    const { place, store, queue, newId, now } = this.#options
    const thread = new PlanningThread({ place, officeId, file: 'clients', upload: null }, () => {})
    try {
      const plan = async () => {
        const answer = await thread.ask({ kind: 'planUndo', importId })
        return 'refusal' in answer ? answer : answer.planned
      }
      const nobodyElse = { isMine: async () => true, announce: async () => {} }
      const parts = { queue, store, officeId, memberId, tokenId, commandId: newId(), now, plan, onProgress: () => {}, ...nobodyElse }
      const answer = await commitUndo(parts, importId)
      return answer.ok ? { n: answer.n } : answer.refusal
    } finally {
      await thread.close()
    }
  }

  /** What is under way is gone on with by another node, or by this one when it starts again. */
  async close(): Promise<void> {
    clearInterval(this.#looking)
    await this.#look
    await this.#works.close()
  }

  async #start(incoming: Incoming, work: { kind: 'check' } | RunWork): Promise<ImportJob | Refusal> {
    if (this.#works.size >= mostOfNode) return { code: 'importsBusy' }
    const hand = await this.#works.claim(incoming, work)
    if (!hand) return { code: 'importsBusy' }
    this.#begin(hand)
    return { ...hand.incoming.job }
  }

  #begin(hand: Hand): void {
    const { work } = hand.incoming
    if (work?.kind === 'read') void this.#works.run(hand, (incoming) => this.#read(incoming))
    if (work?.kind === 'check') void this.#works.run(hand, (incoming) => this.#check(incoming))
    if (work?.kind === 'run') void this.#works.run(hand, (incoming) => this.#import(incoming, work))
  }

  async #read(incoming: Incoming): Promise<Outcome> {
    const read = await this.#works.thread(incoming).ask({ kind: 'read' })
    return { job: { ...read, state: read.problem ? 'failed' : 'read' } }
  }

  async #check(incoming: Incoming): Promise<Outcome> {
    const { officeId, job, asked } = incoming
    const { store, newId } = this.#options
    const thread = this.#works.thread(incoming)
    const result = await thread.ask({ kind: 'check', asked: asked ?? { mapping: {}, dates: 'auto' } })
    if (incoming.faults) await store.dropUploadBlob(officeId, job.id, incoming.faults)
    const faults = result.faultCount > 0 ? newId() : null
    if (faults) await keepBlob(store, officeId, job.id, faults, await thread.ask({ kind: 'faults' }))
    return { job: { result, state: 'checked' }, faults }
  }

  /** `mostFaulty`: so many faulty rows were seen and are left out; where more have become so meanwhile, nothing is imported. */
  async #import(incoming: Incoming, { mostFaulty, importId, commandId, tokenId }: RunWork): Promise<Outcome> {
    const { job, officeId, memberId, asked } = incoming
    const { store, queue, now } = this.#options
    const isDone = async () => (await store.get(officeId, 'import', importId))?.counts
    let counts: ImportCounts | undefined
    const plan = async () => {
      const planned = await this.#works.thread(incoming).ask({ kind: 'plan', asked: asked ?? { mapping: {}, dates: 'auto' } })
      counts = planned.counts
      if (counts.faulty > mostFaulty) return { refusal: { code: 'importFaulty' as const, count: counts.faulty } }
      if (counts.created + counts.changed === 0) return { refusal: { code: 'importEmpty' as const } }
      return planned
    }
    const onProgress = (done: number) => (job.progress = { done: Math.min(done, job.progress.total), total: job.progress.total })
    const about = { importId, file: job.file, fileName: job.fileName }
    // a node that is gone may have come to the end of it, before or just now
    const before = await isDone()
    const isMine = async () => (await find(store, officeId, job.id))?.work?.claim === incoming.work?.claim
    const announce = (texts: readonly Id[]) => announceTexts(store, incoming, texts)
    const parts = { queue, store, officeId, memberId, tokenId, commandId, now, plan, onProgress, isMine, announce }
    const answer = before ? null : await commitImport(parts, about)
    const done = before ?? (answer?.ok ? counts : await isDone())
    // the office is another one than when it was checked: looked at again
    if (!done) return { job: { state: 'read', result: null, refusal: answer?.ok === false ? answer.refusal : null } }
    // from here on no other node that began on it brings its dossiers
    await this.#dropTexts(incoming).catch((err: unknown) => this.#options.log.warn({ err }, 'texts of an import are left for an hour'))
    const { total } = job.progress
    const result = job.result && { ...job.result, counts: done }
    return { job: { state: 'done', importId, commandId, result, progress: { done: total, total } } }
  }

  /** Makes room for a file and begins to take it in; null: there is none. */
  #admit(actor: Actor, job: ImportJob): Promise<Hand | null> {
    const { officeId, memberId } = actor
    const admitted = this.#admitting.then(async () => {
      if (this.#works.size >= mostOfNode || !(await this.#hasRoomFor(actor))) return null
      const at = this.#options.now()
      const incoming: Incoming = { officeId, memberId, revision: 0, at, job, asked: null, faults: null, work: null }
      return this.#works.claim(incoming, { kind: 'take' })
    })
    this.#admitting = admitted.catch(() => {})
    return admitted
  }

  /** A member who brings another file puts their oldest one away; what is being imported, or comes in, stays. */
  async #hasRoomFor({ officeId, memberId }: Actor): Promise<boolean> {
    const all = await ofOffice(this.#options.store, officeId)
    const isFinished = ({ job }: Incoming) => job.state === 'done' || job.state === 'failed'
    const open = all.filter((incoming) => !isFinished(incoming))
    const mine = all.filter((incoming) => incoming.memberId === memberId).sort((a, b) => b.at - a.at)
    for (const old of mine.filter(isFinished).slice(mostFinished)) await this.#putAway(old)
    const mineOpen = mine.filter((incoming) => !isFinished(incoming))
    if (mineOpen.length < mostOfMember && open.length < mostOfOffice) return true
    const isComing = ({ work, job: { id } }: Incoming) => work?.kind === 'take' && this.#watch.stoodMs({ officeId, id }) < comingMs
    const oldest = mineOpen.findLast((incoming) => incoming.job.state !== 'running' && !isComing(incoming))
    if (oldest) await this.#putAway(oldest)
    return oldest !== undefined
  }

  async #own({ officeId, memberId }: Actor, id: Id): Promise<Incoming | null> {
    const incoming = this.#works.at(id) ?? (await find(this.#options.store, officeId, id))
    return incoming?.officeId === officeId && incoming.memberId === memberId ? incoming : null
  }

  /** `revision`: only where it still stands at this one. */
  async #putAway(incoming: Incoming, revision?: number): Promise<void> {
    const { officeId, job } = incoming
    await this.#works.forget(job.id)
    await this.#dropTexts(incoming)
    await this.#options.store.dropUpload(officeId, job.id, revision)
  }

  #dropTexts(incoming: Incoming): Promise<void> {
    return dropLeftTexts(this.#options, incoming, mostTries)
  }

  get #silenceMs(): number {
    return this.#options.silenceMs ?? silenceMs
  }

  /** Goes on with what others left, and forgets what nobody goes on with. */
  async #lookOnce(): Promise<void> {
    try {
      for (const standing of await this.#watch.look()) {
        const stoodMs = this.#watch.stoodMs(standing)
        if (this.#works.at(standing.id)) continue
        if (stoodMs > keptMs) await this.#forget(standing)
        else if (!standing.isIdle && (standing.isNew || stoodMs > this.#silenceMs)) await this.#goOn(standing, stoodMs)
      }
    } catch (err) {
      this.#options.log.warn({ err }, 'files on their way in could not be looked at')
    }
    this.#works.tidyUp()
    this.#look = null
  }

  async #forget({ officeId, id, revision }: Standing): Promise<void> {
    const incoming = await find(this.#options.store, officeId, id)
    if (incoming?.revision === revision) await this.#putAway(incoming, revision)
  }

  async #goOn(standing: Standing, stoodMs: number): Promise<void> {
    const incoming = await find(this.#options.store, standing.officeId, standing.id)
    if (!incoming || incoming.revision !== standing.revision || this.#works.at(standing.id)) return
    const { work } = incoming
    standing.isIdle = !work || work.kind === 'take'
    const isLeft = !standing.isIdle && (work?.claim === null || stoodMs > this.#silenceMs)
    if (!isLeft || this.#works.size >= mostOfNode) return
    const hand = await this.#works.takeOver(incoming)
    if (hand) this.#begin(hand)
  }
}

/** What is wrong with how the columns are to be read; null: nothing. */
function issueOf(job: ImportJob, { mapping }: CheckImport): { field: string; reason: string } | null {
  const columns = Object.values(mapping)
  const known = new Set(job.fields.map(({ name }) => name))
  const unknown = Object.keys(mapping).find((name) => !known.has(name) || (mapping[name] ?? 0) >= job.headings.length)
  if (unknown !== undefined) return { field: `mapping.${unknown}`, reason: 'a known field, and a column of the file' }
  return new Set(columns).size < columns.length ? { field: 'mapping', reason: 'a column fills one field at most' } : null
}

function newJob(id: Id, file: ImportFile, fileName: string): ImportJob {
  return {
    id,
    file,
    fileName,
    bytes: 0,
    state: 'reading',
    progress: { done: 0, total: 0 },
    delimiter: ',',
    encoding: '',
    headings: [],
    rows: 0,
    sample: [],
    fields: importFields[file].map(({ name, required }) => ({ name, required })),
    guess: {},
    dates: 'auto',
    result: null,
    problem: null,
    importId: null,
    commandId: null,
    refusal: null,
  }
}
