import type { DatabaseSync } from 'node:sqlite'
import type { Id } from '#shared/contracts/ids.ts'
import { allFences, fenceOf, fencesOf } from '../fence.ts'
import type { Commit, CommitResult, NoteAppend, NoteLog, NoteSnapshot, StoredVersion } from '../store.ts'
import { JournalFile, journalOf, readJournal } from './journal-file.ts'
import type { Half } from './journal-record.ts'
import { NoteAppends } from './note-appends.ts'
import { noteTable, type NoteTable } from './notes.ts'
import { PendingNotes } from './pending-notes.ts'
import { inSnapshot } from './transaction.ts'
import type { Writer } from './writer.ts'

/** So often, with such a pause, it is tried to empty the log of the database: whoever reads it keeps it. */
const mostTries = 100
const pauseMs = 50

export interface NoteLogsOptions {
  /** The database. */
  path: string
  /** Whether this is the server that runs on the folder, and alone writes the journal. Others read what it held when they opened. */
  owns: boolean
  /** The thread that writes; throws where nothing may be written. */
  writer: () => Writer
}

/** What the store keeps of notes: in the journal first, in the database for good. See the port. */
export function noteLogs(db: DatabaseSync, notes: NoteTable, { path, owns, writer }: NoteLogsOptions) {
  const appends = owns ? new NoteAppends(notes, new JournalFile(journalOf(path), notes.generation() + 1), writer) : null
  const found = owns ? [] : unfinished(notes, readJournal(journalOf(path))).map(({ appends }) => new PendingNotes(appends))
  const pending = (): readonly PendingNotes[] => appends?.pending ?? found

  return {
    note(officeId: Id, note: Id, after?: { epoch: number; seq: number }): NoteLog {
      const log = notes.log(officeId, note, after)
      const from = after?.epoch === log.epoch ? after.seq : 0
      for (const part of pending()) part.complete(officeId, note, log, from)
      return log
    },
    noteLengths(officeId: Id, ids: readonly Id[]): Map<Id, number> {
      const lengths = inSnapshot(db, () => notes.lengths(officeId, ids))
      for (const part of pending()) {
        for (const id of ids) {
          const last = part.lastSeq(officeId, id)
          if (last > (lengths.get(id) ?? 0)) lengths.set(id, last)
        }
      }
      return lengths
    },
    /** What the journal holds has to be in the database: it is compared there. */
    async notesUnread(officeId: Id, ids: readonly Id[]): Promise<Id[]> {
      await appends?.putAway()
      return inSnapshot(db, () => notes.texts.unread(officeId, ids))
    },
    appendNotes: async (asked: readonly NoteAppend[]) => appends?.append(asked) ?? writer().write('appendNotes', asked),
    async compactNote(officeId: Id, note: Id, epoch: number, snapshot: NoteSnapshot): Promise<'done' | 'raced'> {
      await appends?.putAway()
      return writer().write('compactNote', officeId, note, epoch, snapshot)
    },
    async rebuildNote(officeId: Id, note: Id, epoch: number, text: Omit<NoteSnapshot, 'seq'>): Promise<'done' | 'raced'> {
      const rebuild = () => writer().write('rebuildNote', officeId, note, epoch, text)
      return appends ? appends.behind(officeId, [fenceOf(note)], { putAway: true }, rebuild) : rebuild()
    },
    async putVersion(officeId: Id, note: Id, version: StoredVersion): Promise<'done' | 'there' | 'raced'> {
      await appends?.putAway()
      return writer().write('putVersion', officeId, note, version)
    },
    async leaveNoTrace(): Promise<void> {
      await appends?.putAway()
      for (let tries = 1; !(await writer().write('emptyLog')); tries++) {
        if (tries === mostTries) throw new Error('somebody reads the database all the time: its log could not be emptied')
        await new Promise((resolve) => setTimeout(resolve, pauseMs))
      }
    },
    async commit(asked: Commit): Promise<CommitResult> {
      const commit = () => writer().commit(asked)
      const fences = fencesTouched(asked)
      return appends && fences.length > 0 ? appends.behind(asked.officeId, fences, { putAway: drops(asked) }, commit) : commit()
    },
    async close(): Promise<void> {
      await appends?.close()
    },
  }
}

/** Has everything in the database that a journal beside it holds: what a server that was killed had stored there last. */
export function putJournalAway(db: DatabaseSync, journal: readonly Half[]): void {
  if (journal.length === 0) return
  const notes = noteTable(db)
  for (const { generation, appends } of unfinished(notes, journal)) notes.putAway(generation, appends)
}

/** The halves that are not put away. */
function unfinished(notes: NoteTable, journal: readonly Half[]): Half[] {
  const putAway = notes.generation()
  return journal.filter(({ generation }) => generation > putAway)
}

/** Behind these stand notes that this commit takes from somebody, or for good. */
function fencesTouched({ fences, drops = [], bulk }: Commit): readonly number[] {
  if (bulk) return allFences
  return fences === 'all' ? allFences : fencesOf([...fences, ...drops.map(({ id }) => id)])
}

/** Whether notes go: nothing pending of them may come after. */
function drops({ drops: dropped = [], bulk }: Commit): boolean {
  return bulk !== undefined || dropped.some(({ kind }) => kind === 'dossier')
}
