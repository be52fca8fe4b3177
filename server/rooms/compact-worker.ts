import { parentPort } from 'node:worker_threads'
import type { Asked } from './compacting-thread.ts'
import { compactLog } from './compact.ts'
import { slicesIn } from './slices.ts'

/** Compacts and cuts notes beside the server's thread: building a large document takes longer than others may wait. */
parentPort?.on('message', (asked: Asked) => {
  const { job } = asked
  try {
    parentPort?.postMessage({ job, made: asked.task === 'compact' ? compactLog(asked.of) : slicesIn(asked.of) })
  } catch (error) {
    parentPort?.postMessage({ job, error: error instanceof Error ? error.message : 'unknown' })
  }
})
