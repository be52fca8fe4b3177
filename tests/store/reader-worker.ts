import { setImmediate } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { openSqliteStore } from '../../server/store/sqlite/open.ts'

/** Reads the rows of an office again and again, until it has seen the number it is told, and counts the reads that were not whole. */
const { dataDir, officeId } = workerData as { dataDir: string; officeId: string }
const store = await openSqliteStore({ dataDir, readOnly: true })
let until = Infinity
parentPort?.on('message', (message: { until: number }) => (until = message.until))
parentPort?.postMessage('open')

const numbers = new Set<number>()
let reads = 0
let torn = 0
while (!numbers.has(until)) {
  const { at, rows } = await store.rows(officeId)
  reads++
  numbers.add(at)
  if (rows.some((row) => row.at !== at)) torn++
  // lets the message in
  await setImmediate()
}
await store.close()
parentPort?.postMessage({ reads, numbers: numbers.size, torn })
parentPort?.close()
