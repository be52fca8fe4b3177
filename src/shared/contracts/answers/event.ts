import { z } from 'zod'
import type { OfficeEvent } from '../events.ts'
import { Id, Instant } from '../ids.ts'

/* What the API answers about what happened. */

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
} as const satisfies Record<OfficeEvent['type'], true>

/** Every type of event there is. */
export const eventTypes = Object.keys(types) as OfficeEvent['type'][]

export const EventAnswer = z
  .looseObject({ type: z.enum(eventTypes), n: z.number().int().positive(), at: Instant, by: Id, commandId: Id })
  .meta({ id: 'Event', description: 'One numbered entry of the office’s log; its other fields depend on its type.' })
