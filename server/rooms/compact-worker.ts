import { parentPort } from 'node:worker_threads'
import { compact } from './compact.ts'

/** Compacts notes beside the server's thread: building a large document takes longer than others may wait. */
parentPort?.on('message', ({ job, parts }: { job: number; parts: Uint8Array[] }) => {
  try {
    parentPort?.postMessage({ job, compacted: compact(parts) })
  } catch (error) {
    parentPort?.postMessage({ job, error: error instanceof Error ? error.message : 'unknown' })
  }
})
