import { parentPort, workerData } from 'node:worker_threads'
import { logBytes, openDatabase } from './database.ts'
import { makeRoom } from './log-room.ts'
import type { Asked, Said } from './writer.ts'
import { writesOn } from './writes.ts'

/** The thread that writes: does what it is asked, in that order; null ends it. */
const { path } = workerData as { path: string }
const db = openDatabase(path, { readOnly: false })
const writes = writesOn(db)

/** A thread that lives on makes room in the log, by small steps between what it is asked. */
const [settledMs, stepMs] = [1_000, 50]
let steps: NodeJS.Timeout | undefined
const settled = setTimeout(() => (steps = setInterval(step, stepMs)), settledMs)

function step(): void {
  try {
    if (makeRoom(db, path, logBytes)) return
  } catch {
    // it is as well without
  }
  clearInterval(steps)
}

parentPort?.on('message', (asked: Asked | null) => {
  if (asked) return say(answer(asked))
  clearTimeout(settled)
  clearInterval(steps)
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
