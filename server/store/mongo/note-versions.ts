import type { Id } from '#shared/contracts/ids.ts'
import type { NoteVersion, VersionKey } from '#shared/contracts/note-version.ts'
import type { StoredVersion } from '../store.ts'
import type { Collections } from './collections.ts'
import { owned } from './notes.ts'

const bySeq = { hint: 'bySeq' } as const

/** The kept states of notes; they are put where the notes are, whose end decides. */
export function versionTable({ notes, noteVersions }: Collections) {
  return {
    async list(office: Id, note: Id): Promise<NoteVersion[]> {
      const found = noteVersions.find({ office, note }, { ...bySeq, sort: { epoch: 1, seq: 1 }, projection: { bytes: 0 } })
      return (await found.toArray()).map(described)
    },
    async get(office: Id, note: Id, { epoch, seq }: VersionKey): Promise<StoredVersion | null> {
      const found = await noteVersions.findOne({ office, note, epoch, seq }, bySeq)
      return found && { ...described(found), bytes: owned(found.bytes) }
    },
    async name(office: Id, note: Id, { epoch, seq }: VersionKey, name: string, namedBy: Id): Promise<boolean> {
      const named = await noteVersions.updateOne({ office, note, epoch, seq }, { $set: { name, namedBy } }, bySeq)
      // told to the other nodes
      if (named.matchedCount > 0) await notes.updateOne({ office, note }, { $inc: { rewrites: 1 } }, { hint: 'byId' })
      return named.matchedCount > 0
    },
    async drop(office: Id, note: Id, keys: readonly VersionKey[]): Promise<void> {
      for (const { epoch, seq } of keys) await noteVersions.deleteOne({ office, note, epoch, seq, name: null }, bySeq)
    },
  }
}

/** Without its key in the collection, and without its bytes. */
function described({ epoch, seq, at, authors, name, namedBy, reason, size }: NoteVersion): NoteVersion {
  return { epoch, seq, at, authors, name, namedBy, reason, size }
}
