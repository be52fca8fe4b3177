import { Worker } from 'node:worker_threads'
import type { ExportDossiers } from '#shared/contracts/export.ts'
import type { Frame } from '#shared/contracts/office.ts'
import type { Actor } from '#shared/domain/access.ts'
import type { StorePlace } from '../store/open.ts'

export interface ExportJob {
  asked: ExportDossiers
  /** Whose rights it is made under. */
  actor: Actor
  frame: Frame
}

/** Only so many wait for their export; the next one is asked to come again. */
const mostWaiting = 20

/** Makes exports, one after the other, each in a thread of its own: the server's own thread goes on with its work. */
export class Exporter {
  readonly #place: StorePlace
  #last: Promise<unknown> = Promise.resolve()
  #waiting = 0
  #worker: Worker | null = null
  #isClosed = false

  constructor(place: StorePlace) {
    this.#place = place
  }

  /** The bytes of the file; null when too many are waiting already. Rejects when it could not be made. */
  async make(job: ExportJob): Promise<Uint8Array<ArrayBuffer> | null> {
    if (this.#waiting >= mostWaiting) return null
    this.#waiting++
    const made = this.#last.then(() => this.#run(job))
    this.#last = made.catch(() => {}).finally(() => this.#waiting--)
    return made
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await this.#worker?.terminate()
  }

  #run(job: ExportJob): Promise<Uint8Array<ArrayBuffer>> {
    if (this.#isClosed) throw new Error('the server stops: no more exports')
    return new Promise((resolve, reject) => {
      const worker = new Worker(new URL('./export-worker.ts', import.meta.url), { workerData: { place: this.#place, job } })
      this.#worker = worker
      worker.once('message', resolve)
      worker.once('error', reject)
      worker.once('exit', () => reject(new Error('the export ended without a file')))
    })
  }
}
