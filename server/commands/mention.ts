import type { SeeMention } from '#shared/contracts/mention.ts'
import type { Context, Decision } from './context.ts'

/** S4.12: one's own mentions leave the list; those of others, and those seen before, are passed over. */
export async function see({ view, actor, now, emit }: Context, { mentionIds }: SeeMention): Decision {
  const seen: string[] = []
  for (const id of new Set(mentionIds)) {
    const mention = await view.get('mention', id)
    if (mention?.memberId !== actor.memberId || mention.seenAt !== null) continue
    view.put('mention', { ...mention, seenAt: now })
    seen.push(id)
  }
  if (seen.length > 0) emit({ type: 'mention.seen', memberId: actor.memberId, mentionIds: seen })
  return null
}
