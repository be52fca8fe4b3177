import type { DatabaseSync } from 'node:sqlite'
import type { Id } from '#shared/contracts/ids.ts'
import type { AppendResult, NoteAppend, NoteLog, NoteSnapshot } from '../store.ts'
import { fenceTable } from './fences.ts'
import type { JudgedAppend } from './journal-record.ts'
import { noteTextTable } from './note-texts.ts'
import { versionTable } from './note-versions.ts'
import { inSlices } from './slices.ts'
import { inSnapshot, inTransaction } from './transaction.ts'

/** Client ids are small numbers from here on; 1 is kept for text that an import writes. */
const firstClient = 2

/** The logs of notes, and who was issued which client id. */
export function noteTable(db: DatabaseSync) {
  const fences = fenceTable(db)
  const texts = noteTextTable(db)
  const epoch = db.prepare('SELECT epoch FROM note_epochs WHERE office = ? AND note = ?')
  const putEpoch = db.prepare(
    'INSERT INTO note_epochs (office, note, epoch) VALUES (?, ?, ?) ON CONFLICT (office, note) DO UPDATE SET epoch = excluded.epoch',
  )
  const last = db.prepare('SELECT max(seq) AS seq FROM note_log WHERE office = ? AND note = ? AND epoch = ?')
  const append = db.prepare('INSERT INTO note_log (office, note, epoch, seq, member, at, bytes) VALUES (?, ?, ?, ?, ?, ?, ?)')
  const log = db.prepare('SELECT seq, member, at, bytes FROM note_log WHERE office = ? AND note = ? AND epoch = ? AND seq > ? ORDER BY seq')
  const snapshot = db.prepare('SELECT seq, bytes, vector, ledger FROM note_snapshots WHERE office = ? AND note = ? AND epoch = ?')
  const snapshotSeq = db.prepare('SELECT seq FROM note_snapshots WHERE office = ? AND note = ? AND epoch = ?')
  const putSnapshot = db.prepare(`
    INSERT INTO note_snapshots (office, note, epoch, seq, bytes, vector, ledger) VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (office, note) DO UPDATE
      SET epoch = excluded.epoch, seq = excluded.seq, bytes = excluded.bytes, vector = excluded.vector, ledger = excluded.ledger`)
  const cut = db.prepare('DELETE FROM note_log WHERE office = ? AND note = ? AND epoch = ? AND seq <= ?')
  // the note of a dossier, and the comments on it: `<dossier>.<member>`
  const ofDossier = `office = ?1 AND (note = ?2 OR (note > ?2 || '.' AND note < ?2 || '/'))`
  const dropSnapshots = db.prepare(`DELETE FROM note_snapshots WHERE ${ofDossier}`)
  const dropLogs = db.prepare(`DELETE FROM note_log WHERE ${ofDossier}`)
  const dropEpochs = db.prepare(`DELETE FROM note_epochs WHERE ${ofDossier}`)
  const lengths = db.prepare(`
    SELECT ids.value AS note, max(
      ifnull((SELECT max(seq) FROM note_log AS log WHERE log.office = ?1 AND log.note = ids.value AND log.epoch = ifnull(epochs.epoch, 1)), 0),
      ifnull((SELECT seq FROM note_snapshots AS snap WHERE snap.office = ?1 AND snap.note = ids.value AND snap.epoch = ifnull(epochs.epoch, 1)), 0)
    ) AS length
    FROM json_each(?2) AS ids LEFT JOIN note_epochs AS epochs ON epochs.office = ?1 AND epochs.note = ids.value`)
  const clearLog = db.prepare('DELETE FROM note_log WHERE office = ? AND note = ?')
  const putGeneration = db.prepare('UPDATE note_journal SET put_away = ?')
  const generation = db.prepare('SELECT put_away FROM note_journal')
  const lastClient = db.prepare('SELECT max(client) AS client FROM note_clients WHERE office = ? AND note = ?')
  const grant = db.prepare('INSERT INTO note_clients (office, note, client, member) VALUES (?, ?, ?, ?)')
  const granted = db.prepare('SELECT client FROM note_clients WHERE office = ? AND note = ? AND member = ? ORDER BY client')
  const grants = db.prepare('SELECT client, member FROM note_clients WHERE office = ? AND note = ? ORDER BY member, client')

  const epochOf = (officeId: Id, note: Id): number => Number(epoch.get(officeId, note)?.['epoch'] ?? 1)
  // the newest updates of a note that was just compacted stand in its snapshot alone
  const lastSeq = (officeId: Id, note: Id, of: number): number =>
    Number(last.get(officeId, note, of)?.['seq'] ?? snapshotSeq.get(officeId, note, of)?.['seq'] ?? 0)

  const versions = versionTable(db, (officeId, note) => {
    const epoch = epochOf(officeId, note)
    return { epoch, seq: lastSeq(officeId, note, epoch) }
  })

  function snapshotOf(officeId: Id, note: Id, of: number): NoteSnapshot | null {
    const row = snapshot.get(officeId, note, of)
    if (!row) return null
    const ledger = row['ledger'] as Uint8Array | null
    return {
      seq: Number(row['seq']),
      bytes: row['bytes'] as Uint8Array,
      vector: row['vector'] as Uint8Array,
      ...(ledger && { ledger }),
    }
  }

  /** @param pending the last number that is stored, and not in here yet */
  function judge({ officeId, note, epoch, seq, fence }: NoteAppend, pending = 0): AppendResult {
    if (fence !== fences.value(officeId, note)) return 'fenced'
    return epoch === epochOf(officeId, note) && seq === (pending || lastSeq(officeId, note, epoch)) + 1 ? 'stored' : 'raced'
  }

  function add({ officeId, note, epoch, seq, memberId, at, bytes }: JudgedAppend): void {
    append.run(officeId, note, epoch, seq, memberId, at, bytes)
  }

  return {
    log: (officeId: Id, note: Id, after?: { epoch: number; seq: number }): NoteLog =>
      inSnapshot(db, () => {
        const epoch = epochOf(officeId, note)
        const from = after?.epoch === epoch ? after.seq : 0
        const updates = log.all(officeId, note, epoch, from).map((row) => ({
          seq: Number(row['seq']),
          memberId: String(row['member']),
          at: Number(row['at']),
          bytes: row['bytes'] as Uint8Array,
        }))
        const compacted = Number(snapshotSeq.get(officeId, note, epoch)?.['seq'] ?? -1)
        const isNew = from === 0 || compacted > from
        return { epoch, snapshot: isNew ? snapshotOf(officeId, note, epoch) : null, updates }
      }),
    /** One commit for all; an append that may not be stored leaves those of other notes alone. */
    append: (appends: readonly NoteAppend[]): AppendResult[] =>
      inTransaction(db, () => {
        const stopped = new Set<string>()
        return appends.map((append) => {
          const place = `${append.officeId}/${append.note}`
          const result = stopped.has(place) ? 'raced' : judge(append)
          if (result === 'stored') add(append)
          else stopped.add(place)
          return result
        })
      }),
    judge,
    /** Up to which generation the journal is put away. */
    generation: (): number => Number(generation.get()?.['put_away']),
    /** What the journal holds up to this generation; what is in here already stays as it is. */
    putAway: (upTo: number, appends: readonly JudgedAppend[]): void =>
      inTransaction(db, () => {
        for (const append of appends) {
          const { officeId, note, epoch, seq } = append
          if (epoch === epochOf(officeId, note) && seq === lastSeq(officeId, note, epoch) + 1) add(append)
        }
        putGeneration.run(upTo)
      }),
    compact: (officeId: Id, note: Id, epoch: number, made: NoteSnapshot): 'done' | 'raced' =>
      inTransaction(db, () => {
        const before = Number(snapshotSeq.get(officeId, note, epoch)?.['seq'] ?? 0)
        if (epoch !== epochOf(officeId, note) || made.seq <= before || made.seq > lastSeq(officeId, note, epoch)) return 'raced'
        putSnapshot.run(officeId, note, epoch, made.seq, made.bytes, made.vector, made.ledger ?? null)
        cut.run(officeId, note, epoch, made.seq)
        return 'done'
      }),
    rebuild: (officeId: Id, note: Id, epoch: number, { bytes, vector, ledger }: Omit<NoteSnapshot, 'seq'>): 'done' | 'raced' =>
      inTransaction(db, () => {
        if (epoch !== epochOf(officeId, note)) return 'raced'
        clearLog.run(officeId, note)
        putEpoch.run(officeId, note, epoch + 1)
        versions.dropAll(officeId, note)
        texts.drop(officeId, note)
        putSnapshot.run(officeId, note, epoch + 1, 0, bytes, vector, ledger ?? null)
        return 'done'
      }),
    grantClient: (officeId: Id, note: Id, memberId: Id): number =>
      inTransaction(db, () => {
        const client = Number(lastClient.get(officeId, note)?.['client'] ?? firstClient - 1) + 1
        grant.run(officeId, note, client, memberId)
        return client
      }),
    clientsOf: (officeId: Id, note: Id, memberId: Id): number[] =>
      granted.all(officeId, note, memberId).map((row) => Number(row['client'])),
    grantsOf: (officeId: Id, note: Id): { client: number; memberId: Id }[] =>
      grants.all(officeId, note).map((row) => ({ client: Number(row['client']), memberId: String(row['member']) })),
    versions,
    texts,
    lengths(officeId: Id, ids: readonly Id[]): Map<Id, number> {
      const found = inSlices(ids, (slice) => lengths.all(officeId, slice))
      return new Map(found.flatMap((row) => (Number(row['length']) > 0 ? [[String(row['note']), Number(row['length'])] as const] : [])))
    },
    /** Part of a commit that removes the dossier: its note and the comments on it. Granted client ids stay: none is ever granted twice. */
    drop(officeId: Id, dossierId: Id): void {
      dropLogs.run(officeId, dossierId)
      dropSnapshots.run(officeId, dossierId)
      dropEpochs.run(officeId, dossierId)
      versions.dropAll(officeId, dossierId)
      texts.drop(officeId, dossierId)
    },
    fence: fences.value,
    raiseFences: fences.raise,
  }
}
export type NoteTable = ReturnType<typeof noteTable>
