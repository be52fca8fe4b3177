import { parentPort, workerData } from 'node:worker_threads'
import { openDatabase } from './database.ts'
import type { Asked, Said } from './writer.ts'
import { writesOn } from './writes.ts'

/** The thread that writes: does what it is asked, in that order; null ends it. */
const { path } = workerData as { path: string }
const db = openDatabase(path, { readOnly: false })
const writes = writesOn(db)

parentPort?.on('message', (asked: Asked | null) => {
  if (asked) return say(answer(asked))
  db.close()
  parentPort?.close()
})

function answer({ job, write, args }: Asked): Said {
  try {
    if (write !== 'commit') return { job, result: (writes[write] as (...asked: unknown[]) => unknown)(...args) }
    const [commit] = args as Parameters<typeof writes.commit>
    return { job, result: writes.commit({ ...commit, onProgress: (written) => say({ job, written }) }) }
  } catch (error) {
    return { job, error }
  }
}

function say(said: Said): void {
  parentPort?.postMessage(said)
}
