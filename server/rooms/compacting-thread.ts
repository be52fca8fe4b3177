import { Worker } from 'node:worker_threads'
import type { Compactable, compactLog } from './compact.ts'

/** What the thread can do: of what, and what it makes of it. */
interface Tasks {
  compact: { of: Compactable; made: ReturnType<typeof compactLog> }
  /** Parts of a note into others that are applied bit by bit. */
  slice: { of: Uint8Array[]; made: Uint8Array[] }
  /** What a note says. */
  text: { of: Compactable; made: string }
}
type Task = keyof Tasks
export type Asked = { [T in Task]: { job: number; task: T; of: Tasks[T]['of'] } }[Task]

/** Starts with the first note if not before, and ends only when it is told to. */
export class CompactingThread {
  #worker: Worker | null = null
  #asked = 0
  readonly #waiting = new Map<number, { resolve: (made: never) => void; reject: (error: Error) => void }>()

  async end(): Promise<void> {
    await this.#worker?.terminate()
  }

  /** Rejects where it is not a whole note, or the thread ends. */
  run<T extends Task>(task: T, of: Tasks[T]['of']): Promise<Tasks[T]['made']> {
    const job = ++this.#asked
    return new Promise((resolve, reject) => {
      this.#waiting.set(job, { resolve, reject })
      this.start().postMessage({ job, task, of })
    })
  }

  start(): Worker {
    return (this.#worker ??= this.#begin())
  }

  #begin(): Worker {
    const worker = new Worker(new URL('./compact-worker.ts', import.meta.url))
    worker.unref()
    worker.on('message', ({ job, made, error }: { job: number; made?: Tasks[Task]['made']; error?: string }) => {
      const waiting = this.#waiting.get(job)
      this.#waiting.delete(job)
      if (made !== undefined) waiting?.resolve(made as never)
      else waiting?.reject(new Error(error))
    })
    // what follows is always `exit`
    let fault: unknown
    worker.on('error', (error) => (fault = error))
    worker.on('exit', () => {
      if (this.#worker === worker) this.#worker = null
      for (const { reject } of this.#waiting.values()) reject(new Error('the compacting thread ended', { cause: fault }))
      this.#waiting.clear()
    })
    return worker
  }
}
