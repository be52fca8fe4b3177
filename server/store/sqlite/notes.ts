import type { DatabaseSync } from 'node:sqlite'
import type { Id } from '#shared/contracts/ids.ts'
import type { AppendResult, NoteAppend, NoteLog } from '../store.ts'
import { fenceTable } from './fences.ts'
import { inSlices } from './slices.ts'
import { inSnapshot, inTransaction } from './transaction.ts'

/** Client ids are small numbers from here on; 1 is kept for text that an import writes. */
const firstClient = 2

/** The logs of notes, and who was issued which client id. */
export function noteTable(db: DatabaseSync) {
  const fences = fenceTable(db)
  const epoch = db.prepare('SELECT epoch FROM note_epochs WHERE office = ? AND note = ?')
  const last = db.prepare('SELECT max(seq) AS seq FROM note_log WHERE office = ? AND note = ? AND epoch = ?')
  const append = db.prepare('INSERT INTO note_log (office, note, epoch, seq, member, at, bytes) VALUES (?, ?, ?, ?, ?, ?, ?)')
  const log = db.prepare('SELECT seq, member, at, bytes FROM note_log WHERE office = ? AND note = ? AND epoch = ? ORDER BY seq')
  const lengths = db.prepare(`
    SELECT note_log.note, count(*) AS length FROM note_log LEFT JOIN note_epochs USING (office, note)
    WHERE note_log.office = ? AND note_log.note IN (SELECT value FROM json_each(?)) AND note_log.epoch = ifnull(note_epochs.epoch, 1)
    GROUP BY note_log.note`)
  const dropLog = db.prepare('DELETE FROM note_log WHERE office = ? AND note = ?')
  const dropEpoch = db.prepare('DELETE FROM note_epochs WHERE office = ? AND note = ?')
  const lastClient = db.prepare('SELECT max(client) AS client FROM note_clients WHERE office = ? AND note = ?')
  const grant = db.prepare('INSERT INTO note_clients (office, note, client, member) VALUES (?, ?, ?, ?)')
  const granted = db.prepare('SELECT client FROM note_clients WHERE office = ? AND note = ? AND member = ? ORDER BY client')

  const epochOf = (officeId: Id, note: Id): number => Number(epoch.get(officeId, note)?.['epoch'] ?? 1)
  const lastSeq = (officeId: Id, note: Id, of: number): number => Number(last.get(officeId, note, of)?.['seq'] ?? 0)

  function appendOne({ officeId, note, epoch, seq, memberId, at, bytes, fence }: NoteAppend): AppendResult {
    if (fence !== fences.value(officeId, note)) return 'fenced'
    if (epoch !== epochOf(officeId, note) || seq !== lastSeq(officeId, note, epoch) + 1) return 'raced'
    append.run(officeId, note, epoch, seq, memberId, at, bytes)
    return 'stored'
  }

  return {
    log: (officeId: Id, note: Id): NoteLog =>
      inSnapshot(db, () => {
        const epoch = epochOf(officeId, note)
        const updates = log.all(officeId, note, epoch).map((row) => ({
          seq: Number(row['seq']),
          memberId: String(row['member']),
          at: Number(row['at']),
          bytes: row['bytes'] as Uint8Array,
        }))
        return { epoch, updates }
      }),
    /** One commit for all; an append that may not be stored leaves the others alone. */
    append: (appends: readonly NoteAppend[]): AppendResult[] => inTransaction(db, () => appends.map(appendOne)),
    grantClient: (officeId: Id, note: Id, memberId: Id): number =>
      inTransaction(db, () => {
        const client = Number(lastClient.get(officeId, note)?.['client'] ?? firstClient - 1) + 1
        grant.run(officeId, note, client, memberId)
        return client
      }),
    clientsOf: (officeId: Id, note: Id, memberId: Id): number[] =>
      granted.all(officeId, note, memberId).map((row) => Number(row['client'])),
    lengths(officeId: Id, ids: readonly Id[]): Map<Id, number> {
      const found = inSlices(ids, (slice) => lengths.all(officeId, slice))
      return new Map(found.map((row) => [String(row['note']), Number(row['length'])]))
    },
    /** Part of a commit that removes the dossier. Granted client ids stay: none is ever granted twice. */
    drop(officeId: Id, note: Id): void {
      dropLog.run(officeId, note)
      dropEpoch.run(officeId, note)
    },
    fence: fences.value,
    raiseFences: fences.raise,
  }
}
