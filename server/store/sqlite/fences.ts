import type { DatabaseSync } from 'node:sqlite'
import type { Id } from '#shared/contracts/ids.ts'

/** Notes share so many fences per office. One that is raised for another note costs a second look at the right, no more. */
const fenceCount = 64

/** Which fence a note stands behind: FNV-1a of its id. Stored values hang on it: it never changes. */
export function fenceOf(note: Id): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < note.length; i++) hash = Math.imul(hash ^ note.charCodeAt(i), 0x01000193)
  return (hash >>> 0) % fenceCount
}

/** Counts, per fence, how often access to one of its notes changed. */
export function fenceTable(db: DatabaseSync) {
  const get = db.prepare('SELECT value FROM fences WHERE office = ? AND fence = ?')
  const raise = db.prepare(
    'INSERT INTO fences (office, fence, value) VALUES (?, ?, 1) ON CONFLICT (office, fence) DO UPDATE SET value = value + 1',
  )
  return {
    value: (officeId: Id, note: Id): number => Number(get.get(officeId, fenceOf(note))?.['value'] ?? 0),
    raise(officeId: Id, notes: readonly Id[] | 'all'): void {
      const fences = notes === 'all' ? Array.from({ length: fenceCount }, (_, fence) => fence) : new Set(notes.map(fenceOf))
      for (const fence of fences) raise.run(officeId, fence)
    },
  }
}
