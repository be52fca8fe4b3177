import type { Bulk, Commit, Drop, Put } from './store.ts'

/** A large commit as it is written: all drops before all puts, for a number that is freed may be given away in the same commit. */
export interface BulkWrites {
  drops: Drop[]
  /** In the order of their keys: neighbouring pages one after the other. */
  puts: Put[]
}

/** Reads the parts of a bulk. What stands at 0 in it stands at the number of the commit's last event. */
export function readBulk({ bulk = [], events }: Pick<Commit, 'bulk' | 'events'>): BulkWrites {
  const parts = bulk.map((bytes) => JSON.parse(new TextDecoder().decode(bytes)) as Bulk)
  const n = events.at(-1)?.n ?? 0
  return {
    drops: parts.flatMap(({ drops }) => drops),
    puts: parts
      .flatMap((part) => part.puts)
      .sort(byKey)
      .map((put) => numbered(put, n)),
  }
}

/** Tells how many records of a bulk are written, now and then. */
export function progressOf({ onProgress }: Pick<Commit, 'onProgress'>): (written: number) => void {
  let sum = 0
  return (written) => {
    const told = Math.floor(sum / toldEvery)
    sum += written
    if (Math.floor(sum / toldEvery) > told) onProgress?.(sum)
  }
}

/** After so many records of a large commit its progress is told. */
const toldEvery = 1_000

function byKey(a: Put, b: Put): number {
  if (a.kind !== b.kind) return a.kind < b.kind ? -1 : 1
  return a.record.id < b.record.id ? -1 : 1
}

function numbered(put: Put, n: number): Put {
  if (put.kind === 'client' && put.record.at === 0) return { kind: 'client', record: { ...put.record, at: n } }
  if (put.kind !== 'dossier' || put.record.at !== 0) return put
  const versions = Object.fromEntries(Object.entries(put.record.versions).map(([field, version]) => [field, version || n]))
  return { kind: 'dossier', record: { ...put.record, at: n, versions } }
}

/** Throws where event numbers do not follow `expect`: a hole in the log could never be closed again, a screen would wait for it for ever. */
export function requireNumbers({ expect, events }: Pick<Commit, 'expect' | 'events'>): void {
  const wrong = events.findIndex((event, i) => event.n !== expect + 1 + i)
  if (wrong >= 0) throw new RangeError(`event ${wrong} of the commit has number ${events[wrong]?.n}, expected ${expect + 1 + wrong}`)
}
