import type { DatabaseSync } from 'node:sqlite'
import type { Answer } from '#shared/contracts/commands.ts'
import type { Id, Instant } from '#shared/contracts/ids.ts'
import { Duplicate } from '../duplicate.ts'
import type { StoredAnswer } from '../store.ts'
import { isUniqueViolation } from './unique.ts'

/** So many are forgotten in one commit; other work goes on between two. */
const forgottenAtOnce = 1_000

/** The first answer to every command. */
export function answerTable(db: DatabaseSync) {
  const add = db.prepare('INSERT INTO answers (office, member, command, hash, at, answer) VALUES (?, ?, ?, ?, ?, ?)')
  const get = db.prepare('SELECT hash, at, answer FROM answers WHERE office = ? AND member = ? AND command = ?')
  const forget = db.prepare(`
    DELETE FROM answers WHERE (office, member, command) IN (SELECT office, member, command FROM answers WHERE at < ? LIMIT ?)`)
  function one(officeId: Id, memberId: Id, commandId: Id): StoredAnswer | null {
    const row = get.get(officeId, memberId, commandId)
    if (!row) return null
    const answer = JSON.parse(String(row['answer'])) as Answer
    return { memberId, commandId, hash: String(row['hash']), at: Number(row['at']), answer }
  }

  return {
    add(officeId: Id, { memberId, commandId, hash, at, answer }: StoredAnswer): void {
      try {
        add.run(officeId, memberId, commandId, hash, at, JSON.stringify(answer))
      } catch (error) {
        throw isUniqueViolation(error) ? new Duplicate('answer') : error
      }
    },
    get: one,
    many: (officeId: Id, commands: readonly Pick<StoredAnswer, 'memberId' | 'commandId'>[]): StoredAnswer[] =>
      commands.flatMap(({ memberId, commandId }) => one(officeId, memberId, commandId) ?? []),
    /** Forgets a slice of those before; returns how many, and whether there are more. */
    forget(before: Instant): { forgotten: number; more: boolean } {
      const forgotten = Number(forget.run(before, forgottenAtOnce).changes)
      return { forgotten, more: forgotten === forgottenAtOnce }
    },
  }
}
