import type { DatabaseSync } from 'node:sqlite'
import type { OfficeEvent } from '#shared/contracts/events.ts'
import type { Id } from '#shared/contracts/ids.ts'
import { recordsOf } from '../log-subjects.ts'
import { documentOf } from './records.ts'

/** The log of an office: each event whole, as it is sent and replayed, and which dossiers it touched. */
export function eventTable(db: DatabaseSync) {
  const add = db.prepare('INSERT INTO events (office, n, member, command, doc) VALUES (?, ?, ?, ?, ?)')
  const addSubject = db.prepare('INSERT OR IGNORE INTO event_subjects (office, dossier, n) VALUES (?, ?, ?)')
  const after = db.prepare('SELECT doc FROM events WHERE office = ? AND n > ? ORDER BY n LIMIT ?')
  // named: the planner has no statistics, and would read the whole log of the office in order
  const byCommand = db.prepare(
    'SELECT doc FROM events INDEXED BY events_by_command WHERE office = ? AND command = ? AND member = ? ORDER BY n',
  )
  const history = db.prepare(`
    SELECT events.doc FROM event_subjects JOIN events USING (office, n)
    WHERE event_subjects.office = ? AND event_subjects.dossier = ? AND event_subjects.n < ? ORDER BY event_subjects.n DESC LIMIT ?`)
  const read = (rows: Record<string, unknown>[]) => rows.flatMap((row) => documentOf<OfficeEvent>(row) ?? [])

  return {
    add(officeId: Id, event: OfficeEvent): void {
      add.run(officeId, event.n, event.by, event.commandId, JSON.stringify(event))
      for (const dossierId of recordsOf(event)) addSubject.run(officeId, dossierId, event.n)
    },
    after: (officeId: Id, n: number, limit: number): OfficeEvent[] => read(after.all(officeId, n, limit)),
    ofCommand: (officeId: Id, memberId: Id, commandId: Id): OfficeEvent[] => read(byCommand.all(officeId, commandId, memberId)),
    history: (officeId: Id, dossierId: Id, limit: number, before = Number.MAX_SAFE_INTEGER): OfficeEvent[] =>
      read(history.all(officeId, dossierId, before, limit)),
  }
}
