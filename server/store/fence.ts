import type { NoteId } from '#shared/contracts/note-id.ts'
import { partsOf } from '#shared/contracts/note-parts.ts'

/** Notes share so many fences per office. One that is raised for another note costs a second look at the right, no more. */
const fenceCount = 64

/**
 * Which fence a note stands behind: FNV-1a of its dossier's id, so that the comments on a dossier stand behind the one of its note.
 * Stored values hang on it: it never changes.
 */
export function fenceOf(note: NoteId): number {
  const { dossierId } = partsOf(note)
  let hash = 0x811c9dc5
  for (let i = 0; i < dossierId.length; i++) hash = Math.imul(hash ^ dossierId.charCodeAt(i), 0x01000193)
  return (hash >>> 0) % fenceCount
}

/** All fences of an office. */
export const allFences: readonly number[] = Array.from({ length: fenceCount }, (_, fence) => fence)

/** The fences of these notes, each once. */
export function fencesOf(notes: readonly NoteId[] | 'all'): number[] {
  return notes === 'all' ? [...allFences] : [...new Set(notes.map(fenceOf))]
}
