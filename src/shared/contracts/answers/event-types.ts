import type { OfficeEvent } from '../events.ts'

const types = {
  'office.created': true,
  'office.settingsChanged': true,
  'office.stagesChanged': true,
  'division.created': true,
  'division.renamed': true,
  'division.deleted': true,
  'member.invited': true,
  'member.changed': true,
  'member.resetLinkMade': true,
  'member.passwordReset': true,
  'client.created': true,
  'client.edited': true,
  'dossier.created': true,
  'dossier.ownerChanged': true,
  'dossier.stageMoved': true,
  'dossier.statusChanged': true,
  'dossier.abandoned': true,
  'dossier.edited': true,
  'dossier.changeUndone': true,
  'dossier.imported': true,
  'import.undone': true,
  'comment.begun': true,
  'comment.validated': true,
  'comment.edited': true,
  'comment.changed': true,
  'comment.deleted': true,
  'comment.written': true,
  'mention.seen': true,
  'token.made': true,
  'token.revoked': true,
} as const satisfies Record<OfficeEvent['type'], true>

/** Every type of event there is. */
export const eventTypes = Object.keys(types) as OfficeEvent['type'][]
