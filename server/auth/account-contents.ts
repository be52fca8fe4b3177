import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import type { Section } from '../store/contents.ts'

/** The tables of the account library; a table comes after those it refers to. */
export const accountTables = ['user', 'account', 'session', 'verification'] as const

/** A row of one of them: moments as ISO texts, and no field that says nothing. */
export type AccountRow = { id: string } & Record<string, string | boolean>
export type AccountSections = Record<(typeof accountTables)[number], Section<AccountRow>>

const flags = new Set(['emailVerified'])

/** The accounts in a file of their own. */
export function accountsInFile(path: string, { readOnly }: { readOnly: boolean }): { sections: AccountSections; close(): void } {
  const db = new DatabaseSync(path, { readOnly })
  const sections = accountTables.map((name) => [name, sectionOfTable(db, name)] as const)
  return { sections: Object.fromEntries(sections) as AccountSections, close: () => db.close() }
}

function sectionOfTable(db: DatabaseSync, table: string): Section<AccountRow> {
  const fromColumns = (columns: Record<string, SQLInputValue>): AccountRow =>
    rowOf(Object.entries(columns).map(([name, value]) => [name, flags.has(name) && value !== null ? value !== 0 : value]))
  return {
    count: async () => Number(db.prepare(`SELECT count(*) AS count FROM "${table}"`).get()?.['count']),
    read: () => inOrder(db.prepare(`SELECT * FROM "${table}"`).all().map(fromColumns)),
    async write(rows) {
      db.exec('BEGIN IMMEDIATE')
      for (const row of rows) putRow(db, table, row)
      db.exec('COMMIT')
    },
    last: async () => null,
  }
}

function putRow(db: DatabaseSync, table: string, { id, ...fields }: AccountRow): void {
  const names = Object.keys(fields)
  const values = Object.values(fields).map((value) => (typeof value === 'boolean' ? Number(value) : value))
  const columns = ['id', ...names].map((name) => `"${name}"`)
  const changed = names.map((name) => `"${name}" = excluded."${name}"`).join()
  const sql = `INSERT INTO "${table}" (${columns.join()}) VALUES (${columns.map(() => '?').join()}) ON CONFLICT (id) DO UPDATE SET ${changed}`
  db.prepare(sql).run(id, ...values)
}

/** Accounts are few beside what an office has: they are read as a whole, and written anew by a copy that goes on. */
export async function* inOrder(rows: AccountRow[]): AsyncGenerator<AccountRow[]> {
  const sorted = rows.sort((a, b) => (a.id < b.id ? -1 : 1))
  if (sorted.length > 0) yield sorted
}

/** A row out of its fields, as either place has them. */
export function rowOf(fields: [name: string, value: unknown][]): AccountRow {
  const said = fields.filter(([, value]) => value !== null && value !== undefined)
  return Object.fromEntries(said.map(([name, value]) => [name, plain(value)])) as AccountRow
}

function plain(value: unknown): string | boolean {
  if (typeof value === 'boolean') return value
  return value instanceof Date ? value.toISOString() : String(value)
}
