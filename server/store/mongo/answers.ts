import type { ClientSession } from 'mongodb'
import type { Answer } from '#shared/contracts/commands.ts'
import type { Id, Instant } from '#shared/contracts/ids.ts'
import { Duplicate } from '../duplicate.ts'
import type { StoredAnswer } from '../store.ts'
import type { AnswerDoc, Collections } from './collections.ts'
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
      return found && answerFrom(found)
    },
    async many(office: Id, commands: readonly Pick<StoredAnswer, 'memberId' | 'commandId'>[]): Promise<StoredAnswer[]> {
      const members = [...new Set(commands.map(({ memberId }) => memberId))]
      const ids = commands.map(({ commandId }) => commandId)
      const found = await answers.find({ office, member: { $in: members }, command: { $in: ids } }, { hint: 'byCommand' }).toArray()
      const asked = new Set(commands.map(({ memberId, commandId }) => `${memberId}/${commandId}`))
      return found.filter(({ member, command }) => asked.has(`${member}/${command}`)).map(answerFrom)
    },
    async forget(before: Instant): Promise<number> {
      return (await answers.deleteMany({ at: { $lt: before } }, { hint: 'byAge' })).deletedCount
    },
  }
}

function answerFrom({ member: memberId, command: commandId, hash, at, answer }: AnswerDoc): StoredAnswer {
  return { memberId, commandId, hash, at, answer: JSON.parse(answer) as Answer }
}
