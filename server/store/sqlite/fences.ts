import type { DatabaseSync } from 'node:sqlite'
import type { Id } from '#shared/contracts/ids.ts'
import { fenceOf, fencesOf } from '../fence.ts'

/** Counts, per fence, how often access to one of its notes changed. */
export function fenceTable(db: DatabaseSync) {
  const get = db.prepare('SELECT value FROM fences WHERE office = ? AND fence = ?')
  const raise = db.prepare(
    'INSERT INTO fences (office, fence, value) VALUES (?, ?, 1) ON CONFLICT (office, fence) DO UPDATE SET value = value + 1',
  )
  return {
    value: (officeId: Id, note: Id): number => Number(get.get(officeId, fenceOf(note))?.['value'] ?? 0),
    raise(officeId: Id, notes: readonly Id[] | 'all'): void {
      for (const fence of fencesOf(notes)) raise.run(officeId, fence)
    },
  }
}
