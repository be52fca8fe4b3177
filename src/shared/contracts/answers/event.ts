import { z } from 'zod'
import { Id, Instant } from '../ids.ts'
import type { OfficeEvent, Stamped } from '../events.ts'
import { Language } from '../language.ts'
import { Density, Role, Theme } from '../member.ts'
import { SeesWhat } from '../office.ts'
import { importFiles } from '../import.ts'
import { CommentRule, CommentTab } from '../comment.ts'
import { CommentAnswer, MentionAnswer } from './comment.ts'
import { AccessAnswer, ClientAnswer, clientFields, DossierAnswer, SubjectAnswer } from './dossier.ts'
import { DivisionAnswer, FrameAnswer, MemberAnswer, OwnerAnswer, StageAnswer } from './office.ts'
import { changesOf } from './change.ts'

/* What the API answers about what happened. */

const N = z.number().int().positive()
const subjects = z.array(SubjectAnswer)
const ids = z.array(Id)

const settings = {
  name: z.string(),
  language: Language,
  timeZone: z.string(),
  divisionsOn: z.boolean(),
  seesWhat: SeesWhat,
  commentRulesOff: z.array(CommentRule),
}
const member = {
  name: z.string(),
  role: Role,
  divisionIds: ids,
  language: Language,
  state: z.enum(['invited', 'active', 'deactivated']),
  theme: Theme,
  density: Density,
  invitedUntil: Instant.nullable(),
}
const frame = z.strictObject({
  members: z.array(MemberAnswer),
  owners: z.array(OwnerAnswer),
  divisions: z.array(DivisionAnswer),
  divisionsOn: z.boolean().optional(),
})
const changed = { subjects }
const comment = {
  comment: CommentAnswer,
  fields: changesOf({ tab: CommentTab, inSynthesis: z.boolean() }),
  mentions: z.array(MentionAnswer),
  subjects,
  undoes: N.optional(),
}
const password = { memberId: Id }
const token = { memberId: Id, name: z.string() }

type With<E, T> = E extends { type: infer U } ? (T extends U ? E : never) : never
/** What an event of this type says beside its type and stamp. */
type Said<T extends OfficeEvent['type']> = { [F in Exclude<keyof With<OfficeEvent, T>, 'type' | keyof Stamped>]-?: z.ZodType }

/** By type: what is said beside the stamp. */
const shapes = {
  'office.created': { frame: FrameAnswer },
  'office.settingsChanged': { fields: changesOf(settings) },
  'office.stagesChanged': {
    change: z.enum(['added', 'edited', 'placed', 'closingMoved', 'removed', 'undone']),
    stageId: Id,
    stages: z.tuple([z.array(StageAnswer), z.array(StageAnswer)]),
    subjects,
  },
  'division.created': { division: DivisionAnswer, turnsOn: z.boolean() },
  'division.renamed': { divisionId: Id, name: z.tuple([z.string(), z.string()]) },
  'division.deleted': { division: DivisionAnswer },
  'member.invited': { member: MemberAnswer, owner: OwnerAnswer.nullable() },
  'member.changed': { memberId: Id, fields: changesOf(member), owner: OwnerAnswer.optional() },
  'member.resetLinkMade': password,
  'member.passwordReset': password,
  'client.created': { client: ClientAnswer },
  'client.edited': { clientId: Id, fields: changesOf(clientFields), access: AccessAnswer, subjects, undoes: N.optional() },
  'dossier.created': { dossier: DossierAnswer },
  'dossier.ownerChanged': changed,
  'dossier.stageMoved': changed,
  'dossier.statusChanged': changed,
  'dossier.abandoned': changed,
  'dossier.edited': changed,
  'dossier.changeUndone': { undoes: N, subjects },
  'dossier.imported': {
    clients: z.number().int().nonnegative(),
    dossierIds: ids,
    importId: Id.optional(),
    file: z.enum(importFiles).optional(),
    subjects: subjects.optional(),
    frame: frame.optional(),
  },
  'import.undone': {
    undoes: N,
    importId: Id,
    dossierIds: ids,
    subjects,
    frame,
    gone: z.strictObject({ members: ids, owners: ids, divisions: ids }),
  },
  'comment.begun': comment,
  'comment.validated': comment,
  'comment.edited': comment,
  'comment.changed': comment,
  'comment.deleted': comment,
  'comment.written': comment,
  'mention.seen': { memberId: Id, mentionIds: ids },
  'token.made': token,
  'token.revoked': token,
} satisfies { [T in OfficeEvent['type']]: Said<T> }

const stamp = { n: N, at: Instant, by: Id, commandId: Id, via: z.string().optional() } satisfies Record<keyof Stamped, z.ZodType>

export const EventAnswer = z
  .union(Object.entries(shapes).map(([type, shape]) => z.strictObject({ type: z.literal(type), ...stamp, ...shape })))
  .meta({ id: 'Event', description: 'One numbered entry of the office’s log.' })
