import type { ClientSession } from 'mongodb'
import type { Answer } from '#shared/contracts/commands.ts'
import type { Id, Instant } from '#shared/contracts/ids.ts'
import { Duplicate } from '../duplicate.ts'
import type { StoredAnswer } from '../store.ts'
import type { Collections } from './collections.ts'
import { unlessThere } from './transaction.ts'

/** The first answer to every command. */
export function answerTable({ answers }: Collections) {
  return {
    async add(office: Id, given: readonly StoredAnswer[], session: ClientSession): Promise<void> {
      const documents = given.map(({ memberId: member, commandId: command, hash, at, answer }) => {
        return { office, member, command, hash, at, answer: JSON.stringify(answer) }
      })
      await unlessThere(answers.insertMany(documents, { session }), () => new Duplicate('answer'))
    },
    async get(office: Id, memberId: Id, commandId: Id): Promise<StoredAnswer | null> {
      const found = await answers.findOne({ office, member: memberId, command: commandId }, { hint: 'byCommand' })
      if (!found) return null
      return { memberId, commandId, hash: found.hash, at: found.at, answer: JSON.parse(found.answer) as Answer }
    },
    async forget(before: Instant): Promise<number> {
      return (await answers.deleteMany({ at: { $lt: before } }, { hint: 'byAge' })).deletedCount
    },
  }
}
