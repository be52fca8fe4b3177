import { parentPort, workerData } from 'node:worker_threads'
import { gzipSync } from 'node:zlib'
import type { DossierRow } from '#shared/contracts/dossier.ts'
import { openStore, type StorePlace } from '../store/open.ts'
import { type Chunk, noDivision } from './chunks.ts'
import { columnsOf } from './columns.ts'

// a read-only connection of its own: a consistent read that never waits for, or holds up, the writer
const { place } = workerData as { place: StorePlace }
const store = await openStore(place, { readOnly: true })

parentPort?.on('message', ({ job, officeId }: { job: number; officeId: string }) => {
  build(officeId).then(
    (set) => parentPort?.postMessage({ job, set }),
    (error: unknown) => parentPort?.postMessage({ job, error: String(error) }),
  )
})

async function build(officeId: string): Promise<{ at: number; chunks: Map<string, Chunk> }> {
  const { at, rows } = await store.rows(officeId)
  const byDivision = new Map<string, DossierRow[]>()
  for (const row of rows) {
    const key = row.divisionId ?? noDivision
    const group = byDivision.get(key)
    if (group) group.push(row)
    else byDivision.set(key, [row])
  }
  const chunks = new Map<string, Chunk>()
  for (const [key, group] of byDivision) {
    chunks.set(key, { rows: group.length, gzip: new Uint8Array(gzipSync(JSON.stringify(columnsOf(group)), { level: 5 })) })
  }
  return { at, chunks }
}
