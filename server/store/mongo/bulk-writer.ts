import { Worker } from 'node:worker_threads'
import type { Commit, CommitResult } from '../store.ts'

/** What the thread says: how far it is, and in the end its result. */
export type Said = { written: number } | { result: CommitResult }

/**
 * Has a large commit written by a thread with a connection of its own: tens of thousands of records are never objects on the server's
 * thread. The bytes of its bulk are gone from this one.
 */
export function commitInThread(uri: string, { onProgress, ...commit }: Commit): Promise<CommitResult> {
  const transferList = (commit.bulk ?? []).map(({ buffer }) => buffer)
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./bulk-thread.ts', import.meta.url), { workerData: { uri, commit }, transferList })
    worker.on('message', (said: Said) => {
      if ('written' in said) onProgress?.(said.written)
      else resolve(said.result)
    })
    worker.once('error', reject)
    // what follows an answer changes nothing any more
    worker.once('exit', () => reject(new Error('the thread of a large commit ended without an answer')))
  })
}
