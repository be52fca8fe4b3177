import type { DatabaseSync } from 'node:sqlite'
import type { Id } from '#shared/contracts/ids.ts'

/** The offices and the number of each one's last event. */
export function officeTable(db: DatabaseSync) {
  const all = db.prepare('SELECT office FROM offices ORDER BY office')
  const number = db.prepare('SELECT number FROM offices WHERE office = ?')
  const advance = db.prepare(
    'INSERT INTO offices (office, number) VALUES (?, ?) ON CONFLICT (office) DO UPDATE SET number = excluded.number',
  )
  return {
    ids: (): Id[] => all.all().map((row) => String(row['office'])),
    number: (officeId: Id): number => Number(number.get(officeId)?.['number'] ?? 0),
    /** The first event of an office makes its row. */
    advance: (officeId: Id, to: number): void => void advance.run(officeId, to),
  }
}
