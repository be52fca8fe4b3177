import type { DatabaseSync } from 'node:sqlite'
import type { Bulk, Commit, CommitResult, Drop, Put, RecordKind, Records } from '../store.ts'
import { Duplicate } from './duplicate.ts'
import type { Shelves } from './records.ts'
import type { Tables } from './tables.ts'
import { inTransaction } from './transaction.ts'

/** After so many records of a large commit its progress is told. */
const toldEvery = 1_000

type WritingTables = Pick<Tables, 'offices' | 'events' | 'answers' | 'notes' | 'shelves' | 'clients' | 'dossiers'>

/** Writes batches: events, records, answers and raised fences in one transaction, on disk when it returns. */
export function committer(db: DatabaseSync, tables: WritingTables) {
  return (commit: Commit): CommitResult => {
    requireNumbers(commit)
    try {
      return inTransaction(db, () => {
        // judged inside the transaction: between the decision and here others may have committed
        if (tables.offices.number(commit.officeId) !== commit.expect) return { kind: 'moved' }
        write(tables, commit)
        return { kind: 'done' }
      })
    } catch (error) {
      if (error instanceof Duplicate) return { kind: 'duplicate', what: error.what }
      throw error
    }
  }
}

function write(tables: WritingTables, commit: Commit): void {
  const { offices, events, answers, notes } = tables
  const { officeId } = commit
  for (const answer of commit.answers) answers.add(officeId, answer)
  for (const event of commit.events) events.add(officeId, event)
  for (const drop of commit.drops ?? []) remove(tables, officeId, drop)
  for (const put of commit.puts) shelve(tables.shelves, officeId, put)
  writeBulk(tables, commit)
  notes.raiseFences(officeId, commit.fences)
  const last = commit.events.at(-1)
  if (last) offices.advance(officeId, last.n)
}

/** All drops before all puts: a number that is freed may be given away in the same commit. */
function writeBulk(tables: WritingTables, { officeId, bulk = [], events, onProgress }: Commit): void {
  const parts = bulk.map((bytes) => JSON.parse(new TextDecoder().decode(bytes)) as Bulk)
  const n = events.at(-1)?.n ?? 0
  let written = 0
  const count = () => {
    if (++written % toldEvery === 0) onProgress?.(written)
  }
  for (const drop of parts.flatMap(({ drops }) => drops)) {
    remove(tables, officeId, drop)
    count()
  }
  // in the order of their keys: neighbouring pages one after the other
  const puts = parts.flatMap((part) => part.puts).sort(byKey)
  const shelveAll = () => {
    for (const put of puts) {
      shelve(tables.shelves, officeId, numbered(put, n))
      count()
    }
  }
  tables.clients.gathering(() => tables.dossiers.gathering(shelveAll))
}

function byKey(a: Put, b: Put): number {
  if (a.kind !== b.kind) return a.kind < b.kind ? -1 : 1
  return a.record.id < b.record.id ? -1 : 1
}

/** A record of a bulk as it is stored: what stands at 0 stands at this number. */
function numbered(put: Put, n: number): Put {
  if (put.kind === 'client' && put.record.at === 0) return { kind: 'client', record: { ...put.record, at: n } }
  if (put.kind !== 'dossier' || put.record.at !== 0) return put
  const versions = Object.fromEntries(Object.entries(put.record.versions).map(([field, version]) => [field, version || n]))
  return { kind: 'dossier', record: { ...put.record, at: n, versions } }
}

function remove({ shelves, notes }: WritingTables, officeId: string, { kind, id }: Drop): void {
  shelves[kind].drop(officeId, id)
  if (kind === 'dossier') notes.drop(officeId, id)
}

function shelve<K extends RecordKind>(shelves: Shelves, officeId: string, put: Put & { kind: K; record: Records[K] }): void {
  shelves[put.kind].put(officeId, put.record)
}

/** A hole in the log could never be closed again: a screen would wait for it for ever. */
function requireNumbers({ expect, events }: Commit): void {
  const wrong = events.findIndex((event, i) => event.n !== expect + 1 + i)
  if (wrong >= 0) throw new RangeError(`event ${wrong} of the commit has number ${events[wrong]?.n}, expected ${expect + 1 + wrong}`)
}
