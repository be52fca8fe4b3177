import type { DatabaseSync } from 'node:sqlite'
import { progressOf, readBulk, requireNumbers } from '../bulk.ts'
import { Duplicate } from '../duplicate.ts'
import type { Commit, CommitResult, Drop, Put, RecordKind, Records } from '../store.ts'
import type { Shelves } from './records.ts'
import type { Tables } from './tables.ts'
import { inTransaction } from './transaction.ts'

type WritingTables = Pick<Tables, 'offices' | 'events' | 'answers' | 'notes' | 'shelves' | 'comments' | 'clients' | 'dossiers'>

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

function writeBulk(tables: WritingTables, commit: Commit): void {
  const { officeId } = commit
  const { drops, puts } = readBulk(commit)
  const written = progressOf(commit)
  for (const drop of drops) {
    remove(tables, officeId, drop)
    written(1)
  }
  const shelveAll = () => {
    for (const put of puts) {
      shelve(tables.shelves, officeId, put)
      written(1)
    }
  }
  tables.clients.gathering(() => tables.dossiers.gathering(shelveAll))
}

function remove({ shelves, comments, notes }: WritingTables, officeId: string, { kind, id }: Drop): void {
  shelves[kind].drop(officeId, id)
  if (kind !== 'dossier') return
  notes.drop(officeId, id)
  comments.drop(officeId, id)
}

function shelve<K extends RecordKind>(shelves: Shelves, officeId: string, put: Put & { kind: K; record: Records[K] }): void {
  shelves[put.kind].put(officeId, put.record)
}
