import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import type { Id } from '#shared/contracts/ids.ts'
import { rangeOf, searchWords } from '../searched.ts'

type WordTable = 'client_words' | 'dossier_words' | 'note_words'

/** The searched words of one kind of record. */
export function wordTable(db: DatabaseSync, table: WordTable) {
  const add = db.prepare(`INSERT OR IGNORE INTO ${table} (office, word, id) VALUES (?, ?, ?)`)
  const remove = db.prepare(`DELETE FROM ${table} WHERE office = ? AND word = ? AND id = ?`)
  /** Words of a large commit, in which a record comes once, kept until the end: in the order of their key they are written several times as fast. */
  let gathered: { officeId: Id; word: string; id: Id }[] | null = null
  return {
    /** Gathers the new words of everything that `work` does, and writes them after it. */
    gathering(work: () => void): void {
      gathered = []
      try {
        work()
        gathered.sort((a, b) => (a.word < b.word ? -1 : a.word > b.word ? 1 : a.id < b.id ? -1 : 1))
        for (const { officeId, word, id } of gathered) add.run(officeId, word, id)
      } finally {
        gathered = null
      }
    },
    /** Makes a record findable by its texts as they are now, and no longer by what they were (null: it is new). */
    change(officeId: Id, id: Id, before: readonly string[] | null, after: readonly string[]): void {
      if (before?.length === after.length && before.every((text, i) => text === after[i])) return
      const old = searchWords(before ?? [])
      const now = searchWords(after)
      for (const word of old) if (!now.has(word)) remove.run(officeId, word, id)
      for (const word of now)
        if (!old.has(word)) {
          if (gathered) gathered.push({ officeId, word, id })
          else add.run(officeId, word, id)
        }
    },
  }
}

/** One condition of a WHERE clause and what it binds. */
export type Condition = readonly [sql: string, ...values: SQLInputValue[]]

/** Each word must begin a word of the record. */
export function wordConditions(table: WordTable, officeId: Id, query: readonly string[]): Condition[] {
  const sql = `id IN (SELECT id FROM ${table} WHERE office = ? AND word >= ? AND word < ?)`
  return query.filter(Boolean).map((word) => {
    const { from, below } = rangeOf(word)
    return [sql, officeId, from, below]
  })
}
