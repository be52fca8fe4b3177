import { z } from 'zod'
import { Id } from './ids.ts'

/** A dossier that was found by words of its note, with the part of the note where the first of them stands. */
export const NoteHit = z.strictObject({ dossierId: Id, number: z.string(), name: z.string(), excerpt: z.string() }).meta({ id: 'NoteHit' })
export type NoteHit = z.infer<typeof NoteHit>

export const NoteHitsAnswer = z.strictObject({ notes: z.array(NoteHit) })
