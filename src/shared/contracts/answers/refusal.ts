import { z } from 'zod'
import { Id, Instant } from '../ids.ts'
import { LinkState } from '../join.ts'
import { Language } from '../language.ts'
import { TokenScope } from '../token.ts'
import type { Refusal, RefusalCode } from '../refusals.ts'

/* Why something was refused, as the API says it. */

const count = z.number().int().nonnegative()
const memberName = z.string()

/** By code: what is said beside it. */
const shapes = {
  invalid: { issues: z.array(z.strictObject({ field: z.string(), reason: z.string() })).min(1) },
  notFound: { what: z.string() },
  forbidden: { action: z.string(), scope: z.enum([...TokenScope.options, 'none']).optional() },
  ownerNotInDivision: {
    which: z.enum(['present', 'next']),
    ownerId: Id,
    ownerName: z.string(),
    divisionId: Id,
    divisionName: z.string(),
  },
  ownerNeeded: {},
  abandoned: {},
  closed: {},
  idTaken: {},
  changedMeanwhile: { field: z.string(), memberId: Id, memberName, at: Instant },
  undoNotPossible: { reason: z.enum(['alreadyUndone', 'notUndoable']) },
  changedSince: { what: z.string(), memberName },
  lastAdmin: {},
  importsBusy: {},
  fileTooLarge: { mostBytes: count },
  importGone: {},
  importNotChecked: {},
  importFaulty: { count },
  importEmpty: {},
  emailInUse: { memberName },
  memberState: { state: z.enum(['invited', 'active', 'deactivated']) },
  divisionNameTaken: {},
  divisionNotEmpty: { members: count, owners: count, clients: count, dossiers: count },
  closingStage: {},
  lastStage: {},
  stageHoldsDossiers: { count },
  nameMissing: { language: Language },
  stageNameTaken: { language: Language, name: z.string() },
  someRefused: { count, number: z.string(), first: z.looseObject({ code: z.string() }) },
  link: { state: LinkState, admins: z.array(z.string()), at: Instant.nullable() },
  weakPassword: { reason: z.enum(['short', 'long', 'common', 'personal']) },
  addressTaken: {},
  wrongPassword: {},
  tooOften: { seconds: count },
  mentionNotPossible: { memberIds: z.array(Id), names: z.array(z.string()) },
  commentTooLong: { length: count, most: count },
  offline: {},
  commandIdReused: {},
} satisfies { [C in RefusalCode]: Record<Exclude<keyof Extract<Refusal, { code: C }>, 'code'>, z.ZodType> }

const kinds = Object.entries(shapes).map(([code, shape]) => z.strictObject({ code: z.literal(code), ...shape }))

export const RefusalAnswer = z
  .strictObject({ refusal: z.union(kinds).meta({ id: 'Refusal' }) })
  .meta({ id: 'Refused', description: 'Refused for a reason out of a closed list; nothing was changed.' })

/** What stands in the way is no rule of the office: not signed in, an unknown address, a broken server. */
export const ErrorAnswer = z.strictObject({ error: z.string(), requestId: z.string().optional() }).meta({ id: 'Error' })
