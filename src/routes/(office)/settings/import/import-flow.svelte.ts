import type { Id } from '#shared/contracts/ids.ts'
import type { ImportFile } from '#shared/contracts/import.ts'
import { type DateOrder, type ImportJob, mostImportBytes } from '#shared/contracts/import-job.ts'
import { ApiError } from '$lib/live/fetch-json.ts'
import { refusalText } from '$lib/refusal-text.ts'
import { m } from '$paraglide/messages.js'
import { guessKind, headOf } from './guess-kind.ts'
import { importApi, LineBroken, type Mapping, sendFile } from './import-api.ts'
import { forgetJob, keepJob, keptJob } from './kept-job.ts'
import { sizeText } from './labels.ts'
import { apiErrorText, isGone } from './problem-text.ts'

const pollMs = 250
const pollAgainMs = 2_000

export type Step = 'file' | 'columns' | 'check' | 'import'

/** One import on its way through the page: the file, which column goes where, the check, the import. The work itself is the server's. */
export class ImportFlow {
  job: ImportJob | null = $state.raw(null)
  mapping: Mapping = $state.raw({})
  dates: DateOrder = $state('auto')
  /** A file on its way to the server. */
  sending: { name: string; sent: number; total: number } | null = $state.raw(null)
  /** A file whose headings do not tell what it holds. */
  unclear: File | null = $state.raw(null)
  /** Why something did not go, in words. */
  problem = $state('')
  lineLost = $state(false)
  /** An answer is awaited: nothing more is to be asked. */
  busy = $state(false)
  /** Looked again at the columns after the check. */
  #backAtColumns = $state(false)
  /** The chosen file while this page is open, to be read as another kind. */
  #file: File | null = $state.raw(null)
  #timer: ReturnType<typeof setTimeout> | undefined
  #abort: AbortController | null = null
  #stopped = false

  readonly step: Step = $derived.by(() => {
    const { job } = this
    if (!job || job.state === 'reading' || job.state === 'failed') return 'file'
    if (job.state === 'running' || job.state === 'done') return 'import'
    if (job.state === 'read' || this.#backAtColumns) return 'columns'
    return 'check'
  })
  readonly mayReadAgain = $derived(this.#file !== null)

  /** Finds the import that this tab was in the middle of, where there is one. */
  async resume(): Promise<void> {
    const kept = keptJob()
    if (!kept) return
    this.mapping = kept.mapping
    this.dates = kept.dates
    await this.#fetch(kept.id)
  }

  /** Takes a file: looks what it holds, and sends it, or asks where the headings do not tell. */
  async take(file: File): Promise<void> {
    this.startOver()
    if (file.size === 0) return void (this.problem = m.import_empty_file({ name: file.name }))
    if (file.size > mostImportBytes)
      return void (this.problem = m.import_too_large({ name: file.name, size: sizeText(file.size), max: sizeText(mostImportBytes) }))
    const head = await headOf(file).catch(() => null)
    if (head === null) return void (this.problem = m.import_unreadable({ name: file.name }))
    const kind = guessKind(head)
    if (kind) await this.send(file, kind)
    else this.unclear = file
  }

  /** Sends a file to be read as this kind. */
  async send(file: File, kind: ImportFile): Promise<void> {
    this.startOver()
    this.#file = file
    this.sending = { name: file.name, sent: 0, total: file.size }
    const abort = new AbortController()
    this.#abort = abort
    try {
      const onSent = (sent: number) => (this.sending = { name: file.name, sent: Math.min(sent, file.size), total: file.size })
      const job = await sendFile(file, kind, { onSent, signal: abort.signal })
      this.mapping = {}
      this.#show(job)
    } catch (error) {
      if (error instanceof DOMException) return
      this.problem = error instanceof LineBroken ? m.import_upload_lost({ name: file.name }) : apiErrorText(error)
    } finally {
      if (this.#abort === abort) this.sending = null
    }
  }

  /** The same file again, as another kind. */
  async readAs(kind: ImportFile): Promise<void> {
    if (this.#file && kind !== this.job?.file) await this.send(this.#file, kind)
  }

  map(mapping: Mapping): void {
    this.mapping = mapping
    this.#keep()
  }
  orderDates(dates: DateOrder): void {
    this.dates = dates
    this.#keep()
  }
  backToColumns(): void {
    this.#backAtColumns = true
    this.problem = ''
  }

  check(): Promise<void> {
    return this.#ask((id) => importApi.check(id, this.mapping, this.dates))
  }
  run(faulty: 'refuse' | 'leaveOut'): Promise<void> {
    return this.#ask((id) => importApi.run(id, faulty))
  }

  /** Puts the file away and begins anew. An import that is running goes on. */
  startOver(): void {
    this.#abort?.abort()
    this.#abort = null
    clearTimeout(this.#timer)
    if (this.job && this.job.state !== 'running' && this.job.state !== 'done') importApi.drop(this.job.id)
    forgetJob()
    this.job = this.sending = this.unclear = this.#file = null
    this.mapping = {}
    this.dates = 'auto'
    this.problem = ''
    this.lineLost = this.#backAtColumns = false
  }

  stop(): void {
    this.#stopped = true
    this.#abort?.abort()
    clearTimeout(this.#timer)
  }

  async #ask(question: (id: Id) => Promise<ImportJob>): Promise<void> {
    const { job } = this
    if (!job || this.busy) return
    this.busy = true
    this.problem = ''
    try {
      this.#show(await question(job.id))
      this.#backAtColumns = false
    } catch (error) {
      this.#failed(error)
    } finally {
      this.busy = false
    }
  }

  async #fetch(id: Id): Promise<void> {
    try {
      const job = await importApi.find(id)
      this.lineLost = false
      if (!this.#stopped) this.#show(job)
    } catch (error) {
      if (error instanceof ApiError) return this.#failed(error)
      this.lineLost = true
      this.#later(id, pollAgainMs)
    }
  }

  #show(job: ImportJob): void {
    const isNewlyRead = job.state === 'read' && Object.keys(this.mapping).length === 0
    // what was confirmed is not what would be done now: nothing was, and it is looked at again
    if (this.job?.state === 'running' && job.state === 'read')
      this.problem = job.refusal ? refusalText(job.refusal) : m.import_changed_meanwhile()
    this.job = job
    if (isNewlyRead) this.mapping = job.guess
    if (job.state === 'done') forgetJob()
    else this.#keep()
    if (job.state === 'reading' || job.state === 'checking' || job.state === 'running') this.#later(job.id, pollMs)
  }

  #later(id: Id, afterMs: number): void {
    clearTimeout(this.#timer)
    if (!this.#stopped) this.#timer = setTimeout(() => void this.#fetch(id), afterMs)
  }

  #failed(error: unknown): void {
    if (isGone(error)) {
      this.job = null
      this.startOver()
      this.problem = m.import_gone()
    } else this.problem = apiErrorText(error)
  }

  #keep(): void {
    if (this.job) keepJob({ id: this.job.id, mapping: this.mapping, dates: this.dates })
  }
}
