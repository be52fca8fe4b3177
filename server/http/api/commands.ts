import { z } from 'zod'
import { type Answer, Command } from '#shared/contracts/commands.ts'
import { Id } from '#shared/contracts/ids.ts'
import { Since } from '#shared/contracts/socket.ts'
import { invalid } from '../../commands/invalid.ts'
import type { CommandQueue } from '../../commands/queue.ts'
import { refused } from './answers.ts'
import { type Api, describe, readBody } from './route.ts'

interface CommandOptions {
  queue: CommandQueue
  newId: () => Id
}

/** The body of a command by HTTP: its fields, and optionally the number of the log that its sender had seen. */
const Body = z.looseObject({ seen: Since.optional() })
/** Under this header's id the command may be repeated; it has one effect. */
const repeatHeader = 'idempotency-key'

const seen = Since.optional().describe(
  'The number of the log that the sender had seen: what somebody else has set since is not overwritten.',
)
const Done = z.strictObject({
  commandId: Id,
  n: z.number().int().nullable().describe('Number of the last event it caused; null: nothing had to change.'),
})
const Headers = z.object({
  [repeatHeader]: Id.optional().describe(
    'Under the same id a command may be repeated for 7 days: it has one effect, and the first answer.',
  ),
})

/** One door for every command: `POST /commands/<type>`; in the document a path a type, each with the command's own fields. */
export function serveCommands(api: Api, { queue, newId }: CommandOptions): void {
  for (const { shape } of Command.options) {
    const { type, ...fields } = shape
    describe(api, {
      method: 'post',
      path: `/commands/${type.value}`,
      tag: 'commands',
      summary: type.value,
      headers: Headers,
      body: z.strictObject({ ...fields, seen }),
      answer: Done,
      refusals: [403, 404, 409],
    })
  }
  api.post('/commands/:type', async (c) => {
    const parsed = await readBody(c, Body)
    if ('refusal' in parsed) return refused(c, parsed.refusal)
    const key = Id.safeParse(c.req.header(repeatHeader) ?? newId())
    if (!key.success)
      return refused(c, { code: 'invalid', issues: [{ field: 'Idempotency-Key', reason: 'an id of 14 to 40 letters or digits' }] })
    const commandId = key.data
    const { seen, ...fields } = parsed.data
    const command = Command.safeParse({ ...fields, type: c.req.param('type') })
    if (!command.success) return refused(c, invalid(command.error))
    const { officeId, memberId } = c.get('actor')
    const envelope = { id: commandId, ...(seen !== undefined && { seen }), command: command.data }
    const answer: Answer = await queue.dispatch(officeId, memberId, envelope, c.get('tokenId') ?? null)
    return answer.ok ? c.json({ commandId, n: answer.n }) : refused(c, answer.refusal)
  })
}
