import type { DatabaseSync } from 'node:sqlite'
import type { Commit, CommitResult, Put, RecordKind, Records } from '../store.ts'
import type { answerTable } from './answers.ts'
import { Duplicate } from './duplicate.ts'
import type { eventTable } from './events.ts'
import type { noteTable } from './notes.ts'
import type { officeTable } from './offices.ts'
import type { Shelves } from './records.ts'
import { inTransaction } from './transaction.ts'

interface Tables {
  offices: ReturnType<typeof officeTable>
  events: ReturnType<typeof eventTable>
  answers: ReturnType<typeof answerTable>
  notes: ReturnType<typeof noteTable>
  shelves: Shelves
}

/** Writes batches: events, records, answers and raised fences in one transaction, on disk when it returns. */
export function committer(db: DatabaseSync, tables: Tables) {
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

function write({ offices, events, answers, notes, shelves }: Tables, commit: Commit): void {
  const { officeId } = commit
  for (const answer of commit.answers) answers.add(officeId, answer)
  for (const event of commit.events) events.add(officeId, event)
  for (const { kind, id } of commit.drops ?? []) {
    shelves[kind].drop(officeId, id)
    if (kind === 'dossier') notes.drop(officeId, id)
  }
  for (const put of commit.puts) shelve(shelves, officeId, put)
  notes.raiseFences(officeId, commit.fences)
  const last = commit.events.at(-1)
  if (last) offices.advance(officeId, last.n)
}

function shelve<K extends RecordKind>(shelves: Shelves, officeId: string, put: Put & { kind: K; record: Records[K] }): void {
  shelves[put.kind].put(officeId, put.record)
}

/** A hole in the log could never be closed again: a screen would wait for it for ever. */
function requireNumbers({ expect, events }: Commit): void {
  const wrong = events.findIndex((event, i) => event.n !== expect + 1 + i)
  if (wrong >= 0) throw new RangeError(`event ${wrong} of the commit has number ${events[wrong]?.n}, expected ${expect + 1 + wrong}`)
}
