import { parentPort } from 'node:worker_threads'
import { compactLog, type Compactable } from './compact.ts'

/** Compacts notes beside the server's thread: building a large document takes longer than others may wait. */
parentPort?.on('message', ({ job, log }: { job: number; log: Compactable }) => {
  try {
    parentPort?.postMessage({ job, compacted: compactLog(log) })
  } catch (error) {
    parentPort?.postMessage({ job, error: error instanceof Error ? error.message : 'unknown' })
  }
})
