import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import type { Client } from '#shared/contracts/client.ts'
import type { Answer } from '#shared/contracts/commands.ts'
import type { OfficeEvent } from '#shared/contracts/events.ts'
import type { Contents, Section, Sections } from '../contents.ts'
import { portionsOf } from '../portions.ts'
import { copyKeyColumns } from './copy-keys.ts'
import { dossierFrom, selectRow } from './dossier-columns.ts'
import { versionFrom } from './note-versions.ts'
import { tablesOn } from './tables.ts'
import { inTransaction } from './transaction.ts'

type Columns = Record<string, SQLInputValue>

/** How a section lies in the tables. */
interface Layout<Row> {
  /** A SELECT of all of it. */
  select: string
  /** The columns of its key, in order. */
  key: readonly string[]
  keyOf(row: Row): SQLInputValue[]
  from(columns: Columns): Row
  put(row: Row): void
}
type Layouts<K extends keyof Contents> = { [N in K]: Layout<Contents[N]> }

/** All that lies in an open database of the newest format. */
export function contentsOf(db: DatabaseSync): Sections {
  const layouts = { ...recordLayouts(db), ...logLayouts(db), ...noteLayouts(db), ...copyKeyLayouts(db), ...officeLayouts(db) }
  const sections = Object.entries(layouts).map(([name, layout]) => [name, sectionOf(db, layout as Layout<object>)])
  return Object.fromEntries(sections) as Sections
}

function sectionOf<Row extends object>(db: DatabaseSync, { select, key, keyOf, from, put }: Layout<Row>): Section<Row> {
  const columns = key.join(', ')
  const after = `WHERE (${columns}) > (${key.map(() => '?').join(', ')})`
  return {
    count: async () => Number(db.prepare(`SELECT count(*) AS count FROM (${select})`).get()?.['count']),
    async *read(last) {
      const statement = db.prepare(`SELECT * FROM (${select}) ${last ? after : ''} ORDER BY ${columns}`)
      const found = statement.iterate(...(last ? keyOf(last) : [])) as Iterable<Columns>
      for await (const portion of portionsOf(found)) yield portion.map(from)
    },
    write: async (rows) => inTransaction(db, () => rows.forEach(put)),
    async last() {
      const backwards = key.map((column) => `${column} DESC`).join(', ')
      const found = db.prepare(`SELECT * FROM (${select}) ORDER BY ${backwards} LIMIT 1`).get()
      return found ? from(found as Columns) : null
    },
  }
}

function recordLayouts(db: DatabaseSync): Layouts<'records' | 'clients' | 'dossiers'> {
  const { shelves, clients, dossiers } = tablesOn(db)
  return {
    records: {
      select: 'SELECT office, kind, id, doc FROM records',
      key: ['office', 'kind', 'id'],
      keyOf: ({ office, kind, id }) => [office, kind, id],
      from: ({ office, kind, id, doc }) => ({ office, kind, id, record: json(doc) }) as Contents['records'],
      put: ({ office, kind, record }) => shelves[kind].put(office, record as never),
    },
    clients: {
      select: 'SELECT office, id, doc FROM clients',
      key: ['office', 'id'],
      keyOf: ({ office, record }) => [office, record.id],
      from: ({ office, doc }) => ({ office: String(office), record: json<Client>(doc) }),
      put: ({ office, record }) => clients.shelf.put(office, record),
    },
    dossiers: {
      select: `SELECT office, ${selectRow}, detail FROM dossiers`,
      key: ['office', 'id'],
      keyOf: ({ office, record }) => [office, record.id],
      from({ office, ...cells }) {
        return { office: String(office), record: dossierFrom(Object.values(cells)) }
      },
      put: ({ office, record }) => dossiers.shelf.put(office, record),
    },
  }
}

function logLayouts(db: DatabaseSync): Layouts<'events' | 'answers'> {
  const { events, answers } = tablesOn(db)
  return {
    events: {
      select: 'SELECT office, n, doc FROM events',
      key: ['office', 'n'],
      keyOf: ({ office, event }) => [office, event.n],
      from: ({ office, doc }) => ({ office: String(office), event: json<OfficeEvent>(doc) }),
      put: ({ office, event }) => events.add(office, event),
    },
    answers: {
      select: 'SELECT office, member AS memberId, command AS commandId, hash, at, answer FROM answers',
      key: ['office', 'memberId', 'commandId'],
      keyOf: ({ office, memberId, commandId }) => [office, memberId, commandId],
      from: ({ answer, ...columns }) => ({ ...columns, answer: json<Answer>(answer) }) as Contents['answers'],
      put: ({ office, ...answer }) => answers.add(office, answer),
    },
  }
}

/** A note's end is where its log or its snapshot ends; beside them only the epoch stands in a table. */
const noteEnds = `
  SELECT office, note, epoch, max(seq) AS seq FROM (
    SELECT office, note, epoch, 0 AS seq FROM note_epochs
    UNION ALL SELECT office, note, epoch, max(seq) FROM note_log GROUP BY office, note, epoch
    UNION ALL SELECT office, note, epoch, seq FROM note_snapshots
  ) GROUP BY office, note, epoch`

function noteLayouts(db: DatabaseSync): Layouts<'notes' | 'noteSnapshots' | 'noteVersions' | 'noteUpdates' | 'noteGrants'> {
  const putEpoch = db.prepare(upsert('note_epochs', ['office', 'note'], ['epoch']))
  const putSnapshot = db.prepare(upsert('note_snapshots', ['office', 'note'], ['epoch', 'seq', 'bytes', 'vector', 'ledger']))
  const putUpdate = db.prepare(upsert('note_log', ['office', 'note', 'epoch', 'seq'], ['member', 'at', 'bytes']))
  const putVersion = db.prepare(
    upsert('note_versions', ['office', 'note', 'epoch', 'seq'], ['at', 'authors', 'name', 'named_by', 'reason', 'size', 'bytes']),
  )
  const putGrant = db.prepare(upsert('note_clients', ['office', 'note', 'client'], ['member']))
  return {
    notes: {
      select: noteEnds,
      key: ['office', 'note'],
      keyOf: ({ office, note }) => [office, note],
      from: asItIs<Contents['notes']>,
      put({ office, note, epoch }) {
        if (epoch !== 1) putEpoch.run(office, note, epoch)
      },
    },
    noteSnapshots: {
      select: 'SELECT office, note, epoch, seq, bytes, vector, ledger FROM note_snapshots',
      key: ['office', 'note'],
      keyOf: ({ office, note }) => [office, note],
      from: asItIs<Contents['noteSnapshots']>,
      put: ({ office, note, epoch, seq, bytes, vector, ledger = null }) =>
        void putSnapshot.run(office, note, epoch, seq, bytes, vector, ledger),
    },
    noteVersions: {
      select: `SELECT office, note, epoch, seq, at, authors, name, named_by AS namedBy, reason, size, bytes FROM note_versions`,
      key: ['office', 'note', 'epoch', 'seq'],
      keyOf: ({ office, note, epoch, seq }) => [office, note, epoch, seq],
      from: ({ bytes, ...columns }) => ({ ...columns, ...versionFrom(columns), bytes }) as Contents['noteVersions'],
      put({ office, note, bytes, authors, ...version }) {
        const { epoch, seq, at, name, namedBy, reason, size } = version
        putVersion.run(office, note, epoch, seq, at, JSON.stringify(authors), name, namedBy, reason, size, bytes)
      },
    },
    noteUpdates: {
      select: 'SELECT office, note, epoch, seq, member AS memberId, at, bytes FROM note_log',
      key: ['office', 'note', 'epoch', 'seq'],
      keyOf: ({ office, note, epoch, seq }) => [office, note, epoch, seq],
      from: asItIs<Contents['noteUpdates']>,
      put: ({ office, note, epoch, seq, memberId, at, bytes }) => void putUpdate.run(office, note, epoch, seq, memberId, at, bytes),
    },
    noteGrants: {
      select: 'SELECT office, note, client, member AS memberId FROM note_clients',
      key: ['office', 'note', 'memberId', 'client'],
      keyOf: ({ office, note, memberId, client }) => [office, note, memberId, client],
      from: asItIs<Contents['noteGrants']>,
      put: ({ office, note, client, memberId }) => void putGrant.run(office, note, client, memberId),
    },
  }
}

function copyKeyLayouts(db: DatabaseSync): Layouts<'copyKeys'> {
  const put = db.prepare(upsert('copy_keys', ['office', 'member', 'device', 'dossier'], ['id', 'secret', 'session', 'at']))
  return {
    copyKeys: {
      select: `SELECT office, ${copyKeyColumns} FROM copy_keys`,
      key: ['office', 'memberId', 'device', 'dossierId'],
      keyOf: ({ office, memberId, device, dossierId }) => [office, memberId, device, dossierId],
      from: asItIs<Contents['copyKeys']>,
      put: ({ office, memberId, device, dossierId, id, secret, session, at }) =>
        void put.run(office, memberId, device, dossierId, id, secret, session, at),
    },
  }
}

function officeLayouts(db: DatabaseSync): Layouts<'fences' | 'offices'> {
  const putFence = db.prepare(upsert('fences', ['office', 'fence'], ['value']))
  const putOffice = db.prepare(upsert('offices', ['office'], ['number']))
  return {
    fences: {
      select: 'SELECT office, fence, value FROM fences',
      key: ['office', 'fence'],
      keyOf: ({ office, fence }) => [office, fence],
      from: asItIs<Contents['fences']>,
      put: ({ office, fence, value }) => void putFence.run(office, fence, value),
    },
    offices: {
      select: 'SELECT office, number FROM offices',
      key: ['office'],
      keyOf: ({ office }) => [office],
      from: asItIs<Contents['offices']>,
      put: ({ office, number }) => void putOffice.run(office, number),
    },
  }
}

function upsert(table: string, key: readonly string[], values: readonly string[]): string {
  const columns = [...key, ...values]
  const changed = values.map((column) => `${column} = excluded.${column}`).join(', ')
  return `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')}) ON CONFLICT (${key.join(', ')}) DO UPDATE SET ${changed}`
}

/** For tables whose columns are the fields of the row. */
function asItIs<Row>(columns: Columns): Row {
  return columns as Row
}

function json<T>(doc: unknown): T {
  return JSON.parse(String(doc)) as T
}
