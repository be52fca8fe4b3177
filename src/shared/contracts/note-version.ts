import { z } from 'zod'
import { Id, Instant } from './ids.ts'

const N = z.number().int().nonnegative()

/** Why a state of a note was kept: nobody wrote for a while, another author began, or somebody gave it a name. */
export const VersionReason = z.enum(['pause', 'author', 'named'])

/** A state of a note that was kept, without its text. A note's epoch and the number of the last update in it are its key. */
export const NoteVersion = z
  .strictObject({
    epoch: N,
    seq: N,
    at: Instant.describe('When the last of it was written.'),
    authors: z.array(Id).describe('Who wrote in it since the version before.'),
    name: z.string().nullable(),
    namedBy: Id.nullable(),
    reason: VersionReason,
    size: N.describe('How many bytes it takes to store it.'),
  })
  .meta({ id: 'NoteVersion' })
export type NoteVersion = z.infer<typeof NoteVersion>

/** What names a version. */
export type VersionKey = Pick<NoteVersion, 'epoch' | 'seq'>

/** Keeps the note as it is under a name, or names a version that is there. */
export const NameVersion = z.strictObject({
  name: z.string().trim().min(1).max(80),
  version: z.strictObject({ epoch: N, seq: N }).optional().describe('Absent: the note as it is now.'),
})
export type NameVersion = z.infer<typeof NameVersion>

/** Who wrote what in a note, by client id and clock: what is a letter's address in Yjs. */
export const NoteAuthors = z.strictObject({
  epoch: N,
  seq: N.describe('Up to which update of the note this is known.'),
  clients: z.array(z.tuple([N, Id])).describe('Which client id was granted to which member.'),
  written: z
    .array(z.tuple([N, z.array(z.tuple([N, Instant]))]))
    .describe('By client id: clocks in ascending order, and when what lies below each was written, to a minute.'),
  deleted: z.array(z.tuple([Id, z.array(z.tuple([N, N, N]))])).describe('By member: client id, clock and length of what they deleted.'),
})
export type NoteAuthors = z.infer<typeof NoteAuthors>

export const VersionsAnswer = z.strictObject({ versions: z.array(NoteVersion) })
