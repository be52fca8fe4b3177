import type { OfficeEvent } from '#shared/contracts/events.ts'
import type { Id } from '#shared/contracts/ids.ts'
import { subjectsOf } from '#shared/domain/undo.ts'

/** The records in whose history an event stands: dossiers, and members and clients by their own ids. */
export function recordsOf(event: OfficeEvent): Id[] {
  const dossiers = subjectsOf(event)?.map((subject) => subject.dossierId) ?? []
  switch (event.type) {
    case 'dossier.created':
      return [event.dossier.id]
    case 'dossier.imported':
      return [...event.dossierIds, ...dossiers]
    case 'client.created':
      return [event.client.id]
    case 'client.edited':
      return [event.clientId, ...dossiers]
    case 'member.invited':
      return [event.member.id]
    case 'member.changed':
    case 'member.resetLinkMade':
    case 'member.passwordReset':
    case 'token.made':
    case 'token.revoked':
    case 'mention.seen':
      return [event.memberId]
    default:
      return dossiers
  }
}
