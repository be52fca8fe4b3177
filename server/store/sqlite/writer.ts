import { Worker } from 'node:worker_threads'
import type { Commit } from '../store.ts'
import type { Writes } from './writes.ts'

type Write = keyof Writes
/** What the writing thread is asked. */
export interface Asked<W extends Write = Write> {
  job: number
  write: W
  args: Parameters<Writes[W]>
}
/** What it says: how far a large commit is, and in the end its result or what was thrown. */
export type Said = { job: number } & ({ written: number } | { result: unknown } | { error: unknown })

interface Waiting {
  resolve: (result: never) => void
  reject: (error: unknown) => void
  onProgress?: ((written: number) => void) | undefined
}

/**
 * Everything that writes, one after the other in a thread of its own: waiting for the disk, and a large commit, hold up no reader and
 * no socket. The thread starts with the first write.
 */
export class Writer {
  readonly #path: string
  #worker: Worker | null = null
  #jobs = 0
  readonly #waiting = new Map<number, Waiting>()

  constructor(path: string) {
    this.#path = path
  }

  /** Writes a batch; see the port. Bytes of its bulk are gone from this thread. */
  commit({ onProgress, ...commit }: Commit): Promise<ReturnType<Writes['commit']>> {
    return this.#ask('commit', [commit], { onProgress, transfer: (commit.bulk ?? []).map(({ buffer }) => buffer) })
  }

  /** Has one of the other writes done. */
  write<W extends Exclude<Write, 'commit'>>(write: W, ...args: Parameters<Writes[W]>): Promise<ReturnType<Writes[W]>> {
    return this.#ask(write, args)
  }

  /** Ends the thread, after what was asked before. */
  async close(): Promise<void> {
    const worker = this.#worker
    if (!worker) return
    const ended = new Promise((resolve) => worker.once('exit', resolve))
    worker.ref()
    worker.postMessage(null)
    await ended
  }

  #ask<W extends Write>(
    write: W,
    args: Parameters<Writes[W]>,
    { transfer = [], onProgress }: { transfer?: ArrayBuffer[]; onProgress?: Waiting['onProgress'] } = {},
  ): Promise<ReturnType<Writes[W]>> {
    const worker = (this.#worker ??= this.#start())
    return new Promise((resolve, reject) => {
      const asked: Asked<W> = { job: ++this.#jobs, write, args }
      this.#waiting.set(asked.job, { resolve, reject, onProgress })
      worker.ref()
      worker.postMessage(asked, transfer)
    })
  }

  #start(): Worker {
    const worker = new Worker(new URL('./writer-thread.ts', import.meta.url), { workerData: { path: this.#path } })
    worker.on('message', (said: Said) => this.#hear(said))
    // what follows is always `exit`
    let fault: Error | null = null
    worker.on('error', (error) => (fault = error instanceof Error ? error : new Error(String(error))))
    worker.on('exit', () => {
      if (this.#worker === worker) this.#worker = null
      const waiting = [...this.#waiting.values()]
      this.#waiting.clear()
      for (const { reject } of waiting) reject(new Error('the writing thread ended without an answer', { cause: fault }))
    })
    return worker
  }

  #hear(said: Said): void {
    const waiting = this.#waiting.get(said.job)
    if (!waiting) return
    if ('written' in said) return waiting.onProgress?.(said.written)
    this.#waiting.delete(said.job)
    // an idle store does not keep a process from ending
    if (this.#waiting.size === 0) this.#worker?.unref()
    if ('error' in said) waiting.reject(said.error)
    else waiting.resolve(said.result as never)
  }
}
