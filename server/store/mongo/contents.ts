import { type Collection, type Document, type Filter, MinKey, type OptionalUnlessRequiredId } from 'mongodb'
import type { Answer } from '#shared/contracts/commands.ts'
import type { OfficeEvent } from '#shared/contracts/events.ts'
import type { Id } from '#shared/contracts/ids.ts'
import type { Contents, Section, Sections } from '../contents.ts'
import { portionsOf } from '../portions.ts'
import type { Records, SeatedMember } from '../store.ts'
import { clientDocument, clientFrom } from './clients.ts'
import { type Collections, indexes, type Large, noteKey } from './collections.ts'
import { copyKeyDocument, copyKeyOf } from './copy-keys.ts'
import { dossierDocument, dossierOf } from './dossier-fields.ts'
import { eventDocuments } from './events.ts'
import { isSeenBeside } from './look.ts'
import { owned } from './notes.ts'
import { joined } from './parts.ts'
import { recordDocuments } from './records.ts'
import type { Moment } from './transaction.ts'

type Name = keyof typeof indexes
type DocOf<N extends Name> = Collections[N] extends Collection<infer D extends Document> ? D : never

/** How a section lies in a collection. */
interface Layout<Row, Doc> {
  /** The index in whose order the rows come. */
  index: string
  /** Which documents belong to it; absent: all. */
  only?: Filter<Doc>
  /** The first fields of that index. */
  keyOf(row: Row): Document
  /** A row out of its document, or of the parts it is in. */
  from(parts: readonly [Doc, ...Doc[]]): Row
  documents(row: Row): Doc[]
  /** Writes what stands beside the documents, before them. May be done again. */
  before?(rows: readonly Row[]): Promise<unknown>
}
type Layouts<K extends keyof Contents> = { [N in K]: Layout<Contents[N], DocOf<N>> }

/** All that lies in a database, as it is at this moment; without one, as it is while it is read. */
export function contentsOf(collections: Collections, moment: Moment | null = null): Sections {
  const layouts = { ...recordLayouts(collections), ...logLayouts, ...noteLayouts(collections), ...copyKeyLayouts, ...officeLayouts }
  const sections = Object.entries(layouts).map(([name, layout]) => [
    name,
    sectionOf(collections, name as keyof Contents, layout as unknown as Layout<object, Document>, moment),
  ])
  return Object.fromEntries(sections) as Sections
}

function sectionOf<Row extends object>(
  collections: Collections,
  name: keyof Contents,
  { index, only = {}, keyOf, from, documents, before }: Layout<Row, Document>,
  moment: Moment | null,
): Section<Row> {
  const collection = collections[name] as unknown as Collection<Document>
  const { [index]: described } = indexes[name] as Record<string, { key: Record<string, 1> }>
  const sort = described?.key ?? {}
  /** From this row on, and where its key is only the beginning of the index's, from its first document. */
  const minOf = (row: Row) => ({ ...Object.fromEntries(Object.keys(sort).map((field) => [field, new MinKey()])), ...keyOf(row) })

  async function* rowsFrom(first: Row | null): AsyncGenerator<[Document, ...Document[]]> {
    const large = await largeCommits(collections, moment)
    let parts: [Document, ...Document[]] | null = null
    const found = collection.find(only, { hint: index, sort, ...(first && { min: minOf(first) }), ...moment })
    for await (const { _id, ...document } of found) {
      if (!isSeenBeside(large.get(String(document['office'])), document)) continue
      if (parts && document['part'] > 0) {
        parts.push(document)
        continue
      }
      if (parts) yield parts
      parts = [document]
    }
    if (parts) yield parts
  }

  return {
    count: () => collection.estimatedDocumentCount(),
    async *read(last) {
      const known = last && JSON.stringify(keyOf(last))
      for await (const portion of portionsOf(rowsFrom(last))) {
        const rows = portion.map(from)
        yield known === null ? rows : rows.filter((row) => JSON.stringify(keyOf(row)) !== known)
      }
    },
    async write(rows) {
      await before?.(rows)
      await collection.insertMany(rows.flatMap(documents) as OptionalUnlessRequiredId<Document>[])
    },
    async last() {
      const fields = Object.keys(sort).filter((field) => field !== 'part' && field !== 'coming')
      const backwards = Object.fromEntries(Object.keys(sort).map((field) => [field, -1 as const]))
      /** The key of the last row. */
      const end = async () => {
        const found = await collection.findOne(only, { hint: index, sort: backwards })
        return found && Object.fromEntries(fields.map((field) => [field, found[field] as unknown]))
      }
      const broken = await end()
      if (!broken) return null
      // of a row in parts not all may be there
      await collection.deleteMany(broken, { hint: index })
      const whole = await end()
      const [first, ...more] = whole ? await collection.find(whole, { hint: index, sort }).toArray() : []
      return first ? from([first, ...more]) : null
    },
  }
}

/** The large commits that are under way, by their offices. */
async function largeCommits({ offices }: Collections, moment: Moment | null): Promise<Map<Id, Large | undefined>> {
  const found = await offices.find({}, { hint: 'byId', ...moment }).toArray()
  return new Map(found.map(({ office, large }) => [office, large]))
}

function recordLayouts({ seats }: Collections): Layouts<'records' | 'clients' | 'dossiers'> {
  return {
    records: {
      index: 'byId',
      keyOf: ({ office, kind, id }) => ({ office, kind, id }),
      from(parts) {
        const [{ office, kind, id }] = parts
        return { office, kind, id, record: oneOf<Records[typeof kind]>(parts) }
      },
      documents: ({ office, kind, record }) => recordDocuments(office, kind, record as Records[typeof kind]),
      async before(rows) {
        const taken = rows.flatMap(({ office, kind, id, record }) => {
          const account = kind === 'member' ? (record as SeatedMember).accountId : null
          return account === null ? [] : [{ account, office, member: id }]
        })
        const writes = taken.map((seat) => ({
          replaceOne: { filter: { account: seat.account }, replacement: seat, upsert: true, hint: 'byAccount' },
        }))
        if (writes.length > 0) await seats.bulkWrite(writes)
      },
    },
    clients: {
      index: 'byId',
      keyOf: ({ office, record: { id } }) => ({ office, id }),
      from: ([document]) => ({ office: document.office, record: clientFrom(document) }),
      documents: ({ office, record }) => [clientDocument(office, record)],
    },
    dossiers: {
      index: 'byId',
      keyOf: ({ office, record: { id } }) => ({ office, id }),
      from: ([document]) => ({ office: document.office, record: dossierOf(document) }),
      documents: ({ office, record }) => [dossierDocument(office, record)],
    },
  }
}

const logLayouts: Layouts<'events' | 'answers'> = {
  events: {
    index: 'byNumber',
    keyOf: ({ office, event: { n } }) => ({ office, n }),
    from: (parts) => ({ office: parts[0].office, event: oneOf<OfficeEvent>(parts) }),
    documents: ({ office, event }) => eventDocuments(office, event),
  },
  answers: {
    index: 'byCommand',
    keyOf: ({ office, memberId: member, commandId: command }) => ({ office, member, command }),
    from: ([{ office, member: memberId, command: commandId, hash, at, answer }]) => {
      return { office, memberId, commandId, hash, at, answer: JSON.parse(answer) as Answer }
    },
    documents: ({ office, memberId: member, commandId: command, hash, at, answer }) => {
      return [{ office, member, command, hash, at, answer: JSON.stringify(answer) }]
    },
  },
}

function noteLayouts({ noteClients }: Collections): Layouts<'notes' | 'noteSnapshots' | 'noteVersions' | 'noteUpdates' | 'noteGrants'> {
  return {
    notes: {
      index: 'byId',
      keyOf: ({ office, note }) => ({ office, note }),
      from: ([{ office, note, epoch, seq }]) => ({ office, note, epoch, seq }),
      documents: ({ office, note, epoch, seq }) => [{ _id: noteKey(office, note), office, note, epoch, seq }],
    },
    noteSnapshots: {
      index: 'byNote',
      keyOf: ({ office, note }) => ({ office, note }),
      from: ([{ bytes, vector, ledger, ...of }]) => ({
        ...of,
        bytes: owned(bytes),
        vector: owned(vector),
        ledger: ledger ? owned(ledger) : null,
      }),
      // the driver gives what it inserts a key
      documents: ({ ledger = null, ...snapshot }) => [{ ...snapshot, ledger }],
    },
    noteVersions: {
      index: 'bySeq',
      keyOf: ({ office, note, epoch, seq }) => ({ office, note, epoch, seq }),
      from: ([{ bytes, ...version }]) => ({ ...version, bytes: owned(bytes) }),
      documents: (version) => [{ ...version }],
    },
    noteUpdates: {
      index: 'bySeq',
      keyOf: ({ office, note, epoch, seq }) => ({ office, note, epoch, seq }),
      from: ([{ member: memberId, bytes, ...update }]) => ({ ...update, memberId, bytes: owned(bytes) }),
      documents: ({ memberId: member, ...update }) => [{ ...update, member }],
    },
    noteGrants: {
      index: 'byMember',
      keyOf: ({ office, note, memberId: member, client }) => ({ office, note, member, client }),
      from: ([{ office, note, member: memberId, client }]) => ({ office, note, client, memberId }),
      documents: ({ office, note, client, memberId: member }) => [{ office, note, member, client }],
      before: (rows) =>
        noteClients.bulkWrite(
          rows.map(({ office, note, client }) => ({
            updateOne: { filter: { office, note }, update: { $max: { last: client } }, upsert: true, hint: 'byNote' },
          })),
        ),
    },
  }
}

const copyKeyLayouts: Layouts<'copyKeys'> = {
  copyKeys: {
    index: 'byDevice',
    keyOf: ({ office, memberId: member, device, dossierId: dossier }) => ({ office, member, device, dossier }),
    from: ([document]) => ({ office: document.office, ...copyKeyOf(document) }),
    documents: ({ office, ...key }) => [copyKeyDocument(office, key)],
  },
}

const officeLayouts: Layouts<'fences' | 'offices'> = {
  fences: {
    index: 'byFence',
    // those that were only passed are as good as none
    only: { value: { $gt: 0 } },
    keyOf: ({ office, fence }) => ({ office, fence }),
    from: ([{ office, fence, value }]) => ({ office, fence, value }),
    documents: (fence) => [{ ...fence, appends: 0 }],
  },
  offices: {
    index: 'byId',
    only: { number: { $gt: 0 } },
    keyOf: ({ office }) => ({ office }),
    from: ([{ office, number }]) => ({ office, number }),
    documents: ({ office, number }) => [{ _id: office, office, number, commits: 0 }],
  },
}

function oneOf<R>(parts: Parameters<typeof joined>[0]): R {
  const [value] = joined<R>(parts)
  if (value === undefined) throw new Error('a value has no first part')
  return value
}
