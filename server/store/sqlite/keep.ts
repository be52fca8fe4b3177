import { closeSync, fsyncSync, openSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import type { Id } from '#shared/contracts/ids.ts'
import { journalOf, readJournal } from './journal-file.ts'
import { formatOf, migrations } from './migrate.ts'
import { putJournalAway } from './note-logs.ts'
import { inTransaction } from './transaction.ts'

/** From this format on notes are compacted. */
const formatWithSnapshots = 3
/** From this format on files on their way in lie in it. */
const formatWithUploads = 9

/** The newest format of `office.db` that this server reads. */
export const knownFormat = migrations.length

/** What a copy of `office.db` holds, and what is wrong with it. */
export interface Inspected {
  format: number
  offices: { id: Id; number: number }[]
  /** Accounts that sit in one of the offices. */
  accountIds: string[]
  /** Empty: it is whole, and every office stands at a number that its log knows. */
  faults: string[]
}

/**
 * Copies a database to a new file as it is at one moment, also while a server writes it: the reader holds up no writer, and the copy is
 * on disk when this returns, what a journal beside it holds included. Files on their way in are not in it. Blocks its thread as long as it takes.
 */
export function copyDatabase(from: string, to: string): void {
  // before: what is put away meanwhile is in the copy
  const journal = readJournal(journalOf(from))
  withDatabase(from, (db) => void db.prepare('VACUUM INTO ?').run(to))
  const copy = new DatabaseSync(to)
  putJournalAway(copy, journal)
  if (formatOf(copy) >= formatWithUploads) copy.exec('PRAGMA secure_delete = ON; DELETE FROM upload_parts; DELETE FROM uploads')
  copy.close()
  const file = openSync(to, 'r+')
  fsyncSync(file)
  closeSync(file)
}

/** Reads a copy that no server has open. Throws when it is no database at all. */
export function inspectOffices(path: string): Inspected {
  return withDatabase(path, (db) => {
    const format = formatOf(db)
    const faults = integrityFaults(db)
    if (format === 0) return { format, offices: [], accountIds: [], faults: [...faults, 'there is no format in it'] }
    const offices = db
      .prepare('SELECT office, number FROM offices ORDER BY office')
      .all()
      .map((row) => ({ id: String(row['office']), number: Number(row['number']) }))
    const seats = db.prepare(`SELECT doc ->> '$.accountId' AS account FROM records WHERE kind = 'member' AND account IS NOT NULL`).all()
    return {
      format,
      offices,
      accountIds: seats.map(({ account }) => String(account)),
      faults: [...faults, ...offices.flatMap(({ id, number }) => numberFaults(db, id, number))],
    }
  })
}

/**
 * Puts every note of a restored copy under this epoch, the same text as before. A browser that held one when the copy was made, or later,
 * has edits in it that the copy does not know, under client ids that may be granted once more.
 */
export function renewNotes(path: string, epoch: number): void {
  const db = new DatabaseSync(path)
  try {
    inTransaction(db, () => {
      const renew = (table: string) => db.prepare(`UPDATE ${table} SET epoch = ?`).run(epoch)
      // whoever has comments open, or was offline with them, was granted a client id for them
      db.prepare(
        `INSERT INTO note_epochs SELECT office, note, ?1 FROM (SELECT office, id AS note FROM dossiers UNION SELECT office, note FROM note_clients)
         WHERE true ON CONFLICT (office, note) DO UPDATE SET epoch = excluded.epoch`,
      ).run(epoch)
      renew('note_log')
      if (formatOf(db) >= formatWithSnapshots) renew('note_snapshots')
    })
  } finally {
    db.close()
  }
}

/** What is wrong with a database as such. */
export function inspectFile(path: string): string[] {
  return withDatabase(path, integrityFaults)
}

function integrityFaults(db: DatabaseSync): string[] {
  const found = db.prepare('PRAGMA integrity_check').all()
  return found.map((row) => String(row['integrity_check'])).filter((line) => line !== 'ok')
}

/** An office's number is that of its last event, there is no gap below it, and no record was written after it. */
function numberFaults(db: DatabaseSync, office: Id, number: number): string[] {
  const value = (sql: string): number => Number(db.prepare(sql).get(office)?.['value'] ?? 0)
  const last = value('SELECT max(n) AS value FROM events WHERE office = ?')
  const count = value('SELECT count(*) AS value FROM events WHERE office = ?')
  const newest = Math.max(
    value('SELECT max(at) AS value FROM dossiers WHERE office = ?'),
    value(`SELECT max(doc ->> '$.at') AS value FROM clients WHERE office = ?`),
  )
  return [
    ...(last === number ? [] : [`an office stands at ${number}, its log ends with ${last}`]),
    ...(count === last ? [] : [`a log that ends with ${last} has ${count} events`]),
    ...(newest <= number ? [] : [`a record is of number ${newest}, its office stands at ${number}`]),
  ]
}

function withDatabase<T>(path: string, work: (db: DatabaseSync) => T): T {
  const db = new DatabaseSync(path, { readOnly: true, timeout: 5_000 })
  try {
    return work(db)
  } finally {
    db.close()
  }
}
