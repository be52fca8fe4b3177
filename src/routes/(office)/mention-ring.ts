import { goto } from '$app/navigation'
import type { Mention } from '#shared/contracts/mention.ts'
import { commentAddress } from '$lib/comment-address.ts'
import { live } from '$lib/live/live.svelte.ts'
import { mentionPlace } from '$lib/mention-place.ts'
import { memberName } from '$lib/people.ts'
import { toasts } from '$lib/toasts.svelte.ts'
import { m } from '$paraglide/messages.js'

/** Says that somebody mentioned this member just now, and leads there. */
export function ring(mention: Mention): void {
  const { by, dossierId, commentId } = mention
  const name = memberName(live.workspace.frame, by)
  const run = () => void goto(commentAddress(dossierId, commentId))
  toasts.show({ text: m.comments_mention_rings({ name, dossier: mentionPlace(mention) }), action: { label: m.comments_open(), run } })
}
