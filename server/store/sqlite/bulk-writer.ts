import { Worker } from 'node:worker_threads'
import type { Commit, CommitResult } from '../store.ts'

/** From so many records on a commit is written beside the server's thread. */
export const bulkFrom = 1_000

/**
 * Large commits are written by a thread of their own: the server's own thread reads and answers on, and whatever else wants to write waits
 * without blocking it. One at a time.
 */
export class BulkWriter {
  readonly #path: string
  #writing: Promise<unknown> | null = null

  constructor(path: string) {
    this.#path = path
  }

  /** Runs a write of the server's own connection, after the large commit that is under way. */
  async after<R>(work: () => R): Promise<R> {
    while (this.#writing) await this.#writing
    return work()
  }

  /** Writes a large commit. Rejects when it was not written, or the thread ended: then nothing is there of it. */
  async write(commit: Commit): Promise<CommitResult> {
    while (this.#writing) await this.#writing
    const written = run(this.#path, commit)
    this.#writing = written.catch(() => {})
    try {
      return await written
    } finally {
      this.#writing = null
    }
  }
}

function run(path: string, { onProgress, ...commit }: Commit): Promise<CommitResult> {
  return new Promise((resolve, reject) => {
    const transferList = (commit.bulk ?? []).map(({ buffer }) => buffer)
    const worker = new Worker(new URL('./bulk-worker.ts', import.meta.url), { workerData: { path, commit }, transferList })
    worker.on('message', ({ result, written }: { result?: CommitResult; written?: number }) => {
      if (result) resolve(result)
      else if (written !== undefined) onProgress?.(written)
    })
    worker.once('error', reject)
    worker.once('exit', () => reject(new Error('the writing thread ended without an answer')))
  })
}
