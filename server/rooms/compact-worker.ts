import { parentPort } from 'node:worker_threads'
import type { Asked } from './compacting-thread.ts'
import { compactLog } from './compact.ts'
import { textOfLog } from './note-text.ts'
import { slicesIn } from './slices.ts'

/** Compacts, cuts and reads notes beside the server's thread: building a large document takes longer than others may wait. */
parentPort?.on('message', (asked: Asked) => {
  const { job } = asked
  try {
    parentPort?.postMessage({ job, made: madeOf(asked) })
  } catch (error) {
    parentPort?.postMessage({ job, error: error instanceof Error ? error.message : 'unknown' })
  }
})

function madeOf(asked: Asked) {
  if (asked.task === 'compact') return compactLog(asked.of)
  return asked.task === 'slice' ? slicesIn(asked.of) : textOfLog(asked.of)
}
