import { Worker } from 'node:worker_threads'
import type { Answers, Ask, Reply, WorkerData } from './worker-messages.ts'

/** What reading and planning one file may take, in megabytes: a file made to be large ends its thread, not the server. */
const mostMegabytes = 1_500

/** A thread that reads and plans one file: whatever is in it, the server's own thread goes on. */
export class PlanningThread {
  readonly #worker: Worker
  readonly #waiting = new Map<number, { resolve: (answer: never) => void; reject: (error: Error) => void }>()
  #asked = 0
  #ended = false

  constructor(data: WorkerData, onProgress: (progress: { done: number; total: number }) => void) {
    this.#worker = new Worker(new URL('./import-worker.ts', import.meta.url), {
      workerData: data,
      resourceLimits: { maxOldGenerationSizeMb: mostMegabytes },
    })
    this.#worker.unref()
    this.#worker.on('message', (reply: Reply) => {
      if ('progress' in reply) return onProgress(reply.progress)
      const waiting = this.#waiting.get(reply.job)
      this.#waiting.delete(reply.job)
      if ('error' in reply) waiting?.reject(new Error(reply.error))
      else waiting?.resolve(reply.answer as never)
    })
    this.#worker.on('error', (error) => this.#end(error))
    this.#worker.on('exit', () => this.#end(new Error('the thread that reads the file ended')))
  }

  /** Rejects when the thread ended, or could not do it. */
  ask<K extends Ask['kind']>(ask: Ask & { kind: K }): Promise<Answers[K]> {
    if (this.#ended) return Promise.reject(new Error('the thread that reads the file ended'))
    const job = ++this.#asked
    return new Promise<Answers[K]>((resolve, reject) => {
      this.#waiting.set(job, { resolve, reject })
      this.#worker.postMessage({ job, ask })
    })
  }

  async close(): Promise<void> {
    await this.#worker.terminate()
  }

  #end(error: Error): void {
    this.#ended = true
    for (const { reject } of this.#waiting.values()) reject(error)
    this.#waiting.clear()
  }
}
