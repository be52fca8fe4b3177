import type { DatabaseSync } from 'node:sqlite'
import type { Id } from '#shared/contracts/ids.ts'
import type { DossierFilter, FoundNote, NoteText } from '../store.ts'
import { rowFrom, selectRow } from './dossier-columns.ts'
import { reachCondition, where } from './dossier-query.ts'
import { wordConditions, wordTable } from './search-words.ts'
import { inSlices } from './slices.ts'
import { inTransaction } from './transaction.ts'

/** What the notes of dossiers say, by whose words they are found. See the port. */
export function noteTextTable(db: DatabaseSync) {
  const words = wordTable(db, 'note_words')
  const known = db.prepare('SELECT epoch, seq, text FROM note_texts WHERE office = ? AND note = ?')
  const put = db.prepare(`
    INSERT INTO note_texts (office, note, epoch, seq, text) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (office, note) DO UPDATE SET epoch = excluded.epoch, seq = excluded.seq, text = excluded.text`)
  const remove = db.prepare('DELETE FROM note_texts WHERE office = ? AND note = ?')
  const present = db.prepare(`
    SELECT ifnull((SELECT epoch FROM note_epochs WHERE office = ?1 AND note = ?2), 1) AS epoch
    FROM dossiers WHERE office = ?1 AND id = ?2`)
  const unread = db.prepare(`
    SELECT ends.note FROM (
      SELECT ids.value AS note, ifnull(epochs.epoch, 1) AS epoch, max(
        ifnull((SELECT max(seq) FROM note_log AS log WHERE log.office = ?1 AND log.note = ids.value AND log.epoch = ifnull(epochs.epoch, 1)), -1),
        ifnull((SELECT seq FROM note_snapshots AS snap WHERE snap.office = ?1 AND snap.note = ids.value AND snap.epoch = ifnull(epochs.epoch, 1)), -1)
      ) AS seq
      FROM json_each(?2) AS ids LEFT JOIN note_epochs AS epochs ON epochs.office = ?1 AND epochs.note = ids.value
    ) AS ends LEFT JOIN note_texts AS texts ON texts.office = ?1 AND texts.note = ends.note
    WHERE ends.seq >= 0 AND (texts.note IS NULL OR texts.epoch <> ends.epoch OR texts.seq < ends.seq)`)

  function isNews(officeId: Id, { note, epoch, seq }: NoteText): boolean {
    const before = known.get(officeId, note)
    const isOlder = before !== undefined && Number(before['epoch']) === epoch && Number(before['seq']) >= seq
    return !isOlder && Number(present.get(officeId, note)?.['epoch']) === epoch
  }

  function change(officeId: Id, note: Id, made: NoteText | null): void {
    const before = known.get(officeId, note)?.['text'] as string | undefined
    words.change(officeId, note, before === undefined ? null : [before], made ? [made.text] : [])
    if (made) put.run(officeId, note, made.epoch, made.seq, made.text)
    else remove.run(officeId, note)
  }

  return {
    put: (officeId: Id, texts: readonly NoteText[]): void =>
      inTransaction(db, () => {
        for (const made of texts) if (isNews(officeId, made)) change(officeId, made.note, made)
      }),
    /** Part of what takes away the note itself. */
    drop(officeId: Id, note: Id): void {
      change(officeId, note, null)
    },
    unread: (officeId: Id, notes: readonly Id[]): Id[] =>
      inSlices(notes, (slice) => unread.all(officeId, slice)).map((row) => String(row['note'])),
    search(officeId: Id, query: readonly string[], limit: number, reach?: DossierFilter['reach']): FoundNote[] {
      if (!query.some(Boolean)) return []
      const { clause, values } = where([
        ['dossiers.office = ?', officeId],
        ...wordConditions('note_words', officeId, query),
        ...(reach ? [reachCondition(reach)] : []),
      ])
      const found = db.prepare(
        `SELECT ${selectRow}, text FROM dossiers JOIN note_texts ON note_texts.office = dossiers.office AND note_texts.note = dossiers.id
         ${clause} ORDER BY changed_at DESC, id LIMIT ?`,
        { returnArrays: true },
      )
      return found.all(...values, limit).map((cells) => {
        const row = cells as unknown as unknown[]
        return { row: rowFrom(cells), text: String(row.at(-1)) }
      })
    },
  }
}
