import type { MongoClient } from 'mongodb'
import type { Id } from '#shared/contracts/ids.ts'
import type { Heard } from '../heard.ts'
import type { Commit, CommitResult, FewKind, RecordKind, Records, Store, Turn } from '../store.ts'
import { answerTable } from './answers.ts'
import { commitInThread } from './bulk-writer.ts'
import { clientTable } from './clients.ts'
import { collectionsOf, makeIndexes } from './collections.ts'
import { committer } from './commit.ts'
import { connect } from './connect.ts'
import { copyKeyTable } from './copy-keys.ts'
import { dossierQuery } from './dossier-query.ts'
import { dossierTable } from './dossiers.ts'
import { eventTable } from './events.ts'
import { fenceTable } from './fences.ts'
import { requireFormat } from './format.ts'
import { Lanes } from './lanes.ts'
import { type Look, lookInto } from './look.ts'
import { NoteAppends } from './note-appends.ts'
import { noteTextTable } from './note-texts.ts'
import { versionTable } from './note-versions.ts'
import { noteTable } from './notes.ts'
import { officeTable } from './offices.ts'
import { recordTable } from './records.ts'
import { refuseUnfinished } from './unfinished.ts'
import { uploadTable } from './uploads.ts'
import { watch } from './watch.ts'

export interface MongoOptions {
  /** A connection string of a replica set or sharded cluster, with the name of the database. */
  uri: string
  /** Makes no index, and every write throws. */
  readOnly?: boolean
  /** How long the large commit of another node may give no sign of life, in milliseconds. */
  silenceMs?: number
  /** Told of what any node writes, until the store is closed. */
  heard?: Heard
}

/**
 * Opens the store for many nodes. Throws `MongoUnfit` where the server cannot carry it, `NewerFormat` when the data were written by a
 * newer one, `UnfinishedCopy` where not all of them are there. Any number of nodes may have the same database open.
 */
export async function openMongoStore({ uri, readOnly = false, silenceMs, heard }: MongoOptions): Promise<Store> {
  const client = await connect(uri)
  try {
    const db = client.db()
    await refuseUnfinished(db)
    await requireFormat(db, { readOnly })
    if (!readOnly) await makeIndexes(db)
    return storeOn(client, { uri, readOnly, silenceMs, heard })
  } catch (error) {
    await client.close()
    throw error
  }
}

function storeOn(client: MongoClient, { uri, readOnly, silenceMs, heard }: MongoOptions): Store {
  const watching = heard && watch(client, heard)
  const collections = collectionsOf(client.db())
  const offices = officeTable(collections)
  const records = recordTable(collections)
  const clients = clientTable(client, collections)
  const dossiers = dossierTable(client, collections)
  const events = eventTable(collections)
  const answers = answerTable(collections)
  const notes = noteTable(client, collections)
  const versions = versionTable(collections)
  const texts = noteTextTable(client, collections)
  const copyKeys = copyKeyTable(collections)
  const uploads = uploadTable(client, collections)
  const fences = fenceTable(collections)
  const query = dossierQuery(collections)
  const commit = committer(client, collections, { silenceMs })
  const appends = new NoteAppends(client, collections)
  const lanes = new Lanes()
  const tables = { client: clients, dossier: dossiers }

  function writing<A extends unknown[], R>(write: (...asked: A) => Promise<R>): (...asked: A) => Promise<R> {
    return async (...asked) => {
      if (readOnly) throw new Error('This store was opened to be read.')
      return write(...asked)
    }
  }
  /** A read of one moment, large commits whole or not at all. */
  function looking<A extends unknown[], R>(
    read: (office: Id, ...more: [...A, Look]) => Promise<R>,
  ): (office: Id, ...more: A) => Promise<R> {
    return (office, ...more) => lookInto(client, collections, office, (look) => read(office, ...more, look))
  }
  function get<K extends RecordKind>(officeId: Id, kind: K, id: Id): Promise<Records[K] | null>
  function get(officeId: Id, kind: RecordKind, id: Id): Promise<Records[RecordKind] | null> {
    return kind === 'client' || kind === 'dossier' ? tables[kind].get(officeId, id) : records.get(officeId, kind, id)
  }

  return {
    offices: offices.ids,
    number: offices.number,
    get,
    many: looking(
      <K extends 'client' | 'dossier'>(office: Id, kind: K, ids: readonly Id[], look: Look) =>
        tables[kind].many(office, ids, look) as Promise<Records[K][]>,
    ),
    page: looking(
      <K extends 'client' | 'dossier'>(office: Id, kind: K, after: Id | null, limit: number, look: Look) =>
        tables[kind].page(office, after ?? '', limit, look) as Promise<Records[K][]>,
    ),
    all: <K extends FewKind>(officeId: Id, kind: K) => records.all(officeId, kind),
    comments: records.comments,
    mentionsOf: records.mentionsOf,
    seat: records.seat,
    // two commits of an office at the same time would only make each other begin anew
    commit: writing((asked: Commit): Promise<CommitResult> =>
      lanes.run(asked.officeId, () => (asked.bulk ? commitInThread(uri, asked) : commit(asked))),
    ),
    turn: async (officeId: Id): Promise<Turn | null> => {
      const id = readOnly ? null : await offices.takeTurn(officeId).catch(() => null)
      return id === null ? null : { id, giveBack: () => offices.giveBack(officeId, id).catch(() => {}) }
    },
    answer: answers.get,
    answers: answers.many,
    forgetAnswers: writing(answers.forget),
    events: events.after,
    eventsOf: events.ofCommand,
    history: events.history,
    dossiers: looking(query.page),
    rows: looking(async (office, look) => ({ at: look.number, rows: await dossiers.rows(office, look) })),
    rowsOf: looking(dossiers.rowsOf),
    rowsBeside: looking(dossiers.rowsBeside),
    clientsIn: looking(clients.countIn),
    boardCounts: looking(query.counts),
    clients: (office, words, limit, reach) => looking(clients.search)(office, words, limit, reach),
    note: notes.log,
    noteLengths: notes.lengths,
    appendNotes: writing((asked) => appends.append(asked)),
    compactNote: writing(notes.compact),
    rebuildNote: writing(notes.rebuild),
    leaveNoTrace: async () => {},
    fence: fences.value,
    grantClient: writing(notes.grantClient),
    clientsOf: notes.clientsOf,
    grantsOf: notes.grantsOf,
    putNoteTexts: writing(texts.put),
    notesUnread: texts.unread,
    searchNotes: (office, words, limit, reach) => looking(texts.search)(office, words, limit, reach),
    versions: versions.list,
    version: versions.get,
    putVersion: writing(notes.putVersion),
    nameVersion: writing(versions.name),
    dropVersions: writing(versions.drop),
    keepCopyKey: writing(copyKeys.keep),
    copyKeys: copyKeys.find,
    dropCopyKeys: writing(copyKeys.drop),
    putUpload: writing(uploads.put),
    upload: uploads.get,
    uploads: uploads.all,
    putUploadPart: writing(uploads.putPart),
    uploadPart: uploads.part,
    dropUploadBlob: writing(uploads.dropBlob),
    dropUpload: writing(uploads.drop),
    uploadRevisions: uploads.revisions,
    upToDate: offices.upToDate,
    close: async () => {
      await watching?.close()
      await lanes.idle()
      await appends.idle()
      await client.close()
    },
  }
}
