import { createWriteStream, rmSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Id, Instant } from '#shared/contracts/ids.ts'
import type { ImportFile, ImportSummary } from '#shared/contracts/import.ts'
import { type CheckImport, type ImportJob, mostImportBytes, type RunImport } from '#shared/contracts/import-job.ts'
import type { Refusal } from '#shared/contracts/refusals.ts'
import type { Actor } from '#shared/domain/access.ts'
import type { CommandQueue } from '../commands/queue.ts'
import type { Log } from '../log.ts'
import type { StorePlace } from '../store/open.ts'
import type { Store } from '../store/store.ts'
import { commitImport, commitUndo } from './commit-import.ts'
import { importFields } from './fields.ts'
import { PlanningThread } from './planning-thread.ts'

/** How long a file that nobody goes on with is kept. */
const keptMs = 3_600_000
/** Files on their way in at once: of a member, and of the whole server. */
const mostOfMember = 3
const mostAtAll = 12

interface Running {
  officeId: Id
  memberId: Id
  job: ImportJob
  path: string
  thread: PlanningThread
  lastAskedAt: Instant
  /** The faulty rows of an import that is done. */
  faults: Uint8Array<ArrayBuffer> | null
}

export interface ImportOptions {
  place: StorePlace
  store: Store
  queue: CommandQueue
  log: Log
  now: () => Instant
  newId: () => Id
}

class TooLarge extends Error {}

/** Files on their way in: read, checked and imported beside the server's thread, one thread a file. */
export class ImportJobs {
  readonly #options: ImportOptions
  readonly #folder: string
  readonly #running = new Map<Id, Running>()
  readonly #sweep: NodeJS.Timeout
  /** Whose files are coming in just now. */
  readonly #arriving: Id[] = []

  constructor(options: ImportOptions) {
    this.#options = options
    this.#folder = join(options.place.dataDir, 'imports')
    // of a server that was killed
    rmSync(this.#folder, { recursive: true, force: true })
    this.#sweep = setInterval(() => this.#forgetOld(), 60_000)
    this.#sweep.unref()
  }

  /** Takes in a file and begins to read it. A body that grows too large is cut off, and nothing of it is kept. */
  async take(actor: Actor, file: ImportFile, fileName: string, body: ReadableStream<Uint8Array> | null): Promise<ImportJob | Refusal> {
    if (!this.#hasRoomFor(actor)) return { code: 'importsBusy' }
    this.#arriving.push(actor.memberId)
    try {
      return await this.#takeIn(actor, file, fileName, body)
    } finally {
      this.#arriving.splice(this.#arriving.indexOf(actor.memberId), 1)
    }
  }

  async #takeIn(actor: Actor, file: ImportFile, fileName: string, body: ReadableStream<Uint8Array> | null): Promise<ImportJob | Refusal> {
    const id = this.#options.newId()
    const path = join(this.#folder, `${id}.csv`)
    await mkdir(this.#folder, { recursive: true, mode: 0o700 })
    const bytes = await this.#save(path, body)
    if (bytes === null) return { code: 'fileTooLarge', mostBytes: mostImportBytes }
    const job = newJob(id, file, fileName, bytes)
    const { officeId, memberId } = actor
    const thread = new PlanningThread({ place: this.#options.place, officeId, file, path }, (progress) => (job.progress = progress))
    const running: Running = { officeId, memberId, job, path, thread, lastAskedAt: this.#options.now(), faults: null }
    this.#running.set(id, running)
    void this.#work(running, async () => {
      const { problem, ...read } = await thread.ask({ kind: 'read' })
      Object.assign(job, read, { problem, state: problem ? 'failed' : 'read' })
    })
    return job
  }

  /** A member who brings another file puts their oldest one away; what is being imported stays. */
  #hasRoomFor({ memberId }: Actor): boolean {
    const open = [...this.#running.values()].filter(({ job }) => job.state !== 'done' && job.state !== 'failed')
    const mine = open.filter((running) => running.memberId === memberId)
    const arriving = this.#arriving.filter((id) => id === memberId).length
    if (arriving >= mostOfMember || open.length + this.#arriving.length >= mostAtAll) return false
    if (mine.length + arriving < mostOfMember) return true
    const oldest = mine.find(({ job }) => job.state !== 'running')
    if (oldest) this.#forget(oldest)
    return oldest !== undefined
  }

  /** A member's own file; null where there is none (any more). */
  find(actor: Actor, id: Id): ImportJob | null {
    const running = this.#own(actor, id)
    if (running) running.lastAskedAt = this.#options.now()
    return running?.job ?? null
  }

  /** Begins the dry run. */
  check(actor: Actor, id: Id, asked: CheckImport): ImportJob | Refusal {
    const running = this.#own(actor, id)
    if (!running) return { code: 'importGone' }
    const { job, thread } = running
    if (job.state !== 'read' && job.state !== 'checked') return { code: 'importsBusy' }
    const columns = Object.values(asked.mapping)
    const known = new Set(job.fields.map(({ name }) => name))
    const unknown = Object.keys(asked.mapping).find((name) => !known.has(name) || (asked.mapping[name] ?? 0) >= job.headings.length)
    if (unknown !== undefined)
      return { code: 'invalid', issues: [{ field: `mapping.${unknown}`, reason: 'a known field, and a column of the file' }] }
    if (new Set(columns).size < columns.length)
      return { code: 'invalid', issues: [{ field: 'mapping', reason: 'a column fills one field at most' }] }
    Object.assign(job, { state: 'checking', result: null, refusal: null, progress: { done: 0, total: job.rows } })
    void this.#work(running, async () => {
      job.result = await thread.ask({ kind: 'check', ...asked })
      job.state = 'checked'
    })
    return job
  }

  /** Begins the import of what was checked. */
  run(actor: Actor, id: Id, { faulty }: RunImport): ImportJob | Refusal {
    const running = this.#own(actor, id)
    if (!running) return { code: 'importGone' }
    const { job } = running
    if (job.state !== 'checked' || !job.result) return { code: 'importNotChecked' }
    const { counts, faultCount } = job.result
    if (faulty === 'refuse' && faultCount > 0) return { code: 'importFaulty', count: faultCount }
    if (counts.created + counts.changed === 0) return { code: 'importEmpty' }
    Object.assign(job, { state: 'running', progress: { done: 0, total: counts.created + counts.changed } })
    void this.#work(running, () => this.#import(running, faulty === 'refuse' ? 0 : counts.faulty))
    return job
  }

  /** The faulty rows of the last dry run, as a file; null where there is no such import. */
  async faultsFile(actor: Actor, id: Id): Promise<Uint8Array<ArrayBuffer> | null> {
    const running = this.#own(actor, id)
    // a copy: what is sent is handed over
    return running?.faults?.slice() ?? (await running?.thread.ask({ kind: 'faults' })) ?? null
  }

  /** Puts a file away. One that is being imported is imported all the same. */
  drop(actor: Actor, id: Id): void {
    const running = this.#own(actor, id)
    if (running && running.job.state !== 'running') this.#forget(running)
  }

  /** The office's imports, newest first. */
  async history(actor: Actor): Promise<ImportSummary[]> {
    const all = await this.#options.store.all(actor.officeId, 'import')
    return all.toSorted((a, b) => b.n - a.n)
  }

  /** Takes an import back while nothing in it has changed. */
  async undo({ officeId, memberId }: Actor, importId: Id): Promise<{ n: number | null } | Refusal> {
    const { place, store, queue, newId, now } = this.#options
    const thread = new PlanningThread({ place, officeId, file: 'clients', path: null }, () => {})
    try {
      const plan = async () => {
        const answer = await thread.ask({ kind: 'planUndo', importId })
        return 'refusal' in answer ? answer : answer.planned
      }
      const parts = { queue, store, officeId, memberId, commandId: newId(), now, plan, onProgress: () => {} }
      const answer = await commitUndo(parts, importId)
      return answer.ok ? { n: answer.n } : answer.refusal
    } finally {
      await thread.close()
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#sweep)
    await Promise.all([...this.#running.values()].map(({ thread }) => thread.close()))
    await rm(this.#folder, { recursive: true, force: true })
  }

  /** `mostFaulty`: so many faulty rows were seen and are left out; where more have become so meanwhile, nothing is imported. */
  async #import(running: Running, mostFaulty: number): Promise<void> {
    const { job, thread, officeId, memberId } = running
    const { store, queue, newId, now } = this.#options
    const [importId, commandId] = [newId(), newId()]
    const plan = async () => {
      const planned = await thread.ask({ kind: 'plan' })
      const { counts } = planned
      if (counts.faulty > mostFaulty) return { refusal: { code: 'importFaulty' as const, count: counts.faulty } }
      if (counts.created + counts.changed === 0) return { refusal: { code: 'importEmpty' as const } }
      if (job.result) job.result = { ...job.result, counts }
      return planned
    }
    const onProgress = (done: number) => (job.progress = { done: Math.min(done, job.progress.total), total: job.progress.total })
    const about = { importId, file: job.file, fileName: job.fileName }
    const answer = await commitImport({ queue, store, officeId, memberId, commandId, now, plan, onProgress }, about)
    if (answer.ok) {
      if ((job.result?.faultCount ?? 0) > 0) running.faults = await thread.ask({ kind: 'faults' })
      Object.assign(job, { state: 'done', importId, commandId, progress: { done: job.progress.total, total: job.progress.total } })
      await this.#clear(running)
    } else {
      // the office is another one than when it was checked: looked at again
      Object.assign(job, { state: 'read', result: null, refusal: answer.refusal })
    }
  }

  async #work(running: Running, work: () => Promise<void>): Promise<void> {
    const { job } = running
    try {
      await work()
    } catch (error) {
      // put away meanwhile
      if (this.#running.get(job.id) !== running) return
      this.#options.log.error({ err: error, state: job.state }, 'a file could not be imported')
      const isTooMuch = error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'
      const reason = isTooMuch ? 'tooManyRows' : 'failed'
      job.problem = { file: job.file, line: 1, column: null, reason, value: '' }
      job.state = 'failed'
    }
    if (job.state === 'failed') await this.#clear(running)
  }

  #own({ officeId, memberId }: Actor, id: Id): Running | null {
    const running = this.#running.get(id)
    return running?.officeId === officeId && running.memberId === memberId ? running : null
  }

  #forgetOld(): void {
    const before = this.#options.now() - keptMs
    for (const running of this.#running.values()) {
      if (running.lastAskedAt < before && running.job.state !== 'running') this.#forget(running)
    }
  }

  #forget(running: Running): void {
    this.#running.delete(running.job.id)
    void this.#clear(running)
  }

  /** The file and its thread go; what became of them can still be asked. */
  async #clear({ thread, path }: Running): Promise<void> {
    await thread.close()
    await rm(path, { force: true })
  }

  async #save(path: string, body: ReadableStream<Uint8Array> | null): Promise<number | null> {
    let bytes = 0
    async function* counted(source: AsyncIterable<Uint8Array>) {
      for await (const part of source) {
        bytes += part.length
        if (bytes > mostImportBytes) throw new TooLarge()
        yield part
      }
    }
    try {
      const source = body ? Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0]) : Readable.from([])
      await pipeline(source, counted, createWriteStream(path, { mode: 0o600 }))
      return bytes
    } catch (error) {
      await rm(path, { force: true })
      if (error instanceof TooLarge) return null
      throw error
    }
  }
}

function newJob(id: Id, file: ImportFile, fileName: string, bytes: number): ImportJob {
  return {
    id,
    file,
    fileName,
    bytes,
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
