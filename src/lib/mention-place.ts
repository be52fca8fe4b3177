import type { Mention } from '#shared/contracts/mention.ts'
import { householdName } from '#shared/domain/household.ts'
import { m } from '$paraglide/messages.js'
import { live } from './live/live.svelte.ts'

/** The dossier of a mention: "2024-00020 · Arnulfo & Gayle Kuhlman". The oldest ones this screen may not hold. */
export function mentionPlace({ dossierId }: Pick<Mention, 'dossierId'>): string {
  const row = live.workspace.row(dossierId)
  return row ? `${row.number} · ${householdName(row.clientName, row.partnerName)}` : m.comments_mention_elsewhere()
}
