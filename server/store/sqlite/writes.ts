import type { DatabaseSync } from 'node:sqlite'
import type { Commit } from '../store.ts'
import { committer } from './commit.ts'
import { durabilityOf, withLargeCache } from './database.ts'
import { decodeRecords } from './journal-record.ts'
import { tablesOn } from './tables.ts'

/** From so many records on, what a commit wrote is put away from the log at once: else the next small one would have to. */
const putAwayFrom = 1_000

/** Every write of the store, on the connection that writes. */
export function writesOn(db: DatabaseSync) {
  const tables = tablesOn(db)
  const { answers, notes, copyKeys, uploads } = tables
  const commit = committer(db, tables)
  return {
    commit(asked: Commit) {
      if (!isLarge(asked)) return commit(asked)
      return withLargeCache(db, () => {
        const result = commit(asked)
        db.exec('PRAGMA wal_checkpoint(PASSIVE)')
        return result
      })
    },
    appendNotes: notes.append,
    putAway: (generation: number, records: Uint8Array) => notes.putAway(generation, decodeRecords(records)),
    compactNote: notes.compact,
    rebuildNote: notes.rebuild,
    grantClient: notes.grantClient,
    putNoteTexts: notes.texts.put,
    putVersion: notes.versions.put,
    nameVersion: notes.versions.name,
    dropVersions: notes.versions.drop,
    keepCopyKey: copyKeys.keep,
    dropCopyKeys: copyKeys.drop,
    putUpload: uploads.put,
    putUploadPart: uploads.putPart,
    dropUploadBlob: uploads.dropBlob,
    dropUpload: uploads.drop,
    forgetAnswers: answers.forget,
    /** Puts all of the write-ahead log away and cuts it off; false: somebody reads in it. */
    emptyLog: () => Number(db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()?.['busy']) === 0,
    durability: () => durabilityOf(db),
  }
}
export type Writes = ReturnType<typeof writesOn>

function isLarge({ bulk, puts, drops = [] }: Commit): boolean {
  return bulk !== undefined || puts.length + drops.length >= putAwayFrom
}
