import { Worker } from 'node:worker_threads'
import { gzipSync } from 'node:zlib'
import type { Id } from '#shared/contracts/ids.ts'
import type { Log } from '../log.ts'
import type { StorePlace } from '../store/open.ts'
import { columnsOf } from './columns.ts'

/** Rows of one division, by column, compressed once for everybody. */
export interface Chunk {
  rows: number
  /** gzip of the JSON of `Columns`. */
  gzip: Uint8Array<ArrayBuffer>
}

/** All rows of an office at one number, by division; `none` are those without. */
export interface ChunkSet {
  at: number
  chunks: ReadonlyMap<string, Chunk>
}

export const noDivision = 'none'

/** Of a division that had no rows. */
export const noRows: Chunk = { rows: 0, gzip: new Uint8Array(gzipSync(JSON.stringify(columnsOf([])))) }

interface Shelf {
  newest: ChunkSet | null
  /** The one before, for screens that were told of it and have not fetched it yet. */
  older: ChunkSet | null
  building: Promise<ChunkSet> | null
}

/** The opening snapshots of this node's offices, made in a worker and shared by everybody who opens the office. */
export class Chunks {
  #shelves = new Map<Id, Shelf>()
  #worker: Worker | null = null
  #waiting = new Map<number, { resolve: (set: ChunkSet) => void; reject: (error: Error) => void }>()
  #asked = 0
  readonly #place: StorePlace
  readonly #log: Log

  constructor(place: StorePlace, log: Log) {
    this.#place = place
    this.#log = log
  }

  /** The newest set there is; builds the first. */
  async newest(officeId: Id): Promise<ChunkSet> {
    return this.#shelf(officeId).newest ?? this.rebuild(officeId)
  }

  /** A new set; those who ask while one is being made get that one, which may stand at a number before theirs. */
  rebuild(officeId: Id): Promise<ChunkSet> {
    const shelf = this.#shelf(officeId)
    shelf.building ??= this.#build(officeId)
      .then((set) => {
        shelf.older = shelf.newest
        return (shelf.newest = set)
      })
      .finally(() => (shelf.building = null))
    return shelf.building
  }

  /** The set that a manifest named; null where it is no longer kept, or is another node's. */
  find(officeId: Id, at: number): ChunkSet | null {
    const { newest, older } = this.#shelf(officeId)
    return [newest, older].find((set) => set?.at === at) ?? null
  }

  async close(): Promise<void> {
    await this.#worker?.terminate()
  }

  /** Started when it is first needed, and anew when it died. */
  #start(): Worker {
    const worker = new Worker(new URL('./chunk-worker.ts', import.meta.url), { workerData: { place: this.#place } })
    worker.unref()
    worker.on('message', ({ job, set, error }: { job: number; set?: ChunkSet; error?: string }) => {
      const waiting = this.#waiting.get(job)
      this.#waiting.delete(job)
      if (set) waiting?.resolve(set)
      else waiting?.reject(new Error(error))
    })
    worker.on('error', (error) => this.#log.error({ err: error }, 'the snapshot worker failed'))
    worker.on('exit', () => {
      if (this.#worker === worker) this.#worker = null
      for (const { reject } of this.#waiting.values()) reject(new Error('the snapshot worker ended'))
      this.#waiting.clear()
    })
    return worker
  }

  #shelf(officeId: Id): Shelf {
    let shelf = this.#shelves.get(officeId)
    if (!shelf) this.#shelves.set(officeId, (shelf = { newest: null, older: null, building: null }))
    return shelf
  }

  #build(officeId: Id): Promise<ChunkSet> {
    const job = ++this.#asked
    return new Promise((resolve, reject) => {
      this.#waiting.set(job, { resolve, reject })
      this.#worker ??= this.#start()
      this.#worker.postMessage({ job, officeId })
    })
  }
}
