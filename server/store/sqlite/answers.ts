import type { DatabaseSync } from 'node:sqlite'
import { setImmediate } from 'node:timers/promises'
import type { Answer } from '#shared/contracts/commands.ts'
import type { Id, Instant } from '#shared/contracts/ids.ts'
import type { StoredAnswer } from '../store.ts'
import { Duplicate, isUniqueViolation } from './duplicate.ts'

/** So many are forgotten in one commit; other work goes on between two. */
const forgottenAtOnce = 1_000

/** The first answer to every command. */
export function answerTable(db: DatabaseSync) {
  const add = db.prepare('INSERT INTO answers (office, member, command, hash, at, answer) VALUES (?, ?, ?, ?, ?, ?)')
  const get = db.prepare('SELECT hash, at, answer FROM answers WHERE office = ? AND member = ? AND command = ?')
  const forget = db.prepare(`
    DELETE FROM answers WHERE (office, member, command) IN (SELECT office, member, command FROM answers WHERE at < ? LIMIT ?)`)
  return {
    add(officeId: Id, { memberId, commandId, hash, at, answer }: StoredAnswer): void {
      try {
        add.run(officeId, memberId, commandId, hash, at, JSON.stringify(answer))
      } catch (error) {
        throw isUniqueViolation(error) ? new Duplicate('answer') : error
      }
    },
    get(officeId: Id, memberId: Id, commandId: Id): StoredAnswer | null {
      const row = get.get(officeId, memberId, commandId)
      if (!row) return null
      const answer = JSON.parse(String(row['answer'])) as Answer
      return { memberId, commandId, hash: String(row['hash']), at: Number(row['at']), answer }
    },
    /** A slice at a time; `ready` is awaited before each. */
    async forget(before: Instant, ready: () => Promise<void>): Promise<number> {
      let forgotten = 0
      for (;;) {
        await ready()
        const changes = Number(forget.run(before, forgottenAtOnce).changes)
        forgotten += changes
        if (changes < forgottenAtOnce) return forgotten
        await setImmediate()
      }
    },
  }
}
