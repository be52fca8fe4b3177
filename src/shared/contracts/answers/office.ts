import { z } from 'zod'
import { CommentRule } from '../comment.ts'
import type { Division } from '../division.ts'
import { Status } from '../dossier.ts'
import { Id, Instant } from '../ids.ts'
import { Language } from '../language.ts'
import { Density, type Member, Role, Theme } from '../member.ts'
import { Currency, type Frame, type Office, SeesWhat } from '../office.ts'
import type { Owner } from '../owner.ts'
import type { Stage } from '../stage.ts'

/* What the API answers about the office: settings, people and stages. */

const N = z.number().int().nonnegative()

export const OfficeAnswer = z
  .strictObject({
    id: Id,
    name: z.string(),
    language: Language,
    currency: Currency,
    timeZone: z.string(),
    divisionsOn: z.boolean(),
    seesWhat: SeesWhat,
    commentRulesOff: z.array(CommentRule).optional(),
  })
  .meta({ id: 'Office' }) satisfies z.ZodType<Office>

export const MemberAnswer = z
  .strictObject({
    id: Id,
    name: z.string(),
    email: z.string(),
    role: Role,
    divisionIds: z.array(Id),
    language: Language,
    state: z.enum(['invited', 'active', 'deactivated']),
    colour: z.number().int().min(0).max(5),
    theme: Theme,
    density: Density,
    invitedUntil: Instant.nullable(),
  })
  .meta({ id: 'Member' }) satisfies z.ZodType<Member>

export const OwnerAnswer = z
  .strictObject({ id: Id, name: z.string(), memberId: Id.nullable(), divisionIds: z.array(Id) })
  .meta({ id: 'Owner' }) satisfies z.ZodType<Owner>

export const DivisionAnswer = z.strictObject({ id: Id, name: z.string() }).meta({ id: 'Division' }) satisfies z.ZodType<Division>

export const StageAnswer = z
  .strictObject({
    id: Id,
    names: z.partialRecord(Language, z.string()),
    closing: z.boolean(),
    usualDays: z.number().int().nullable(),
  })
  .meta({ id: 'Stage' }) satisfies z.ZodType<Stage>

export const FrameAnswer = z
  .strictObject({
    office: OfficeAnswer,
    members: z.array(MemberAnswer),
    owners: z.array(OwnerAnswer),
    divisions: z.array(DivisionAnswer),
    stages: z.array(StageAnswer),
  })
  .meta({ id: 'Frame' }) satisfies z.ZodType<Frame>

export const OfficeAndFrameAnswer = z.strictObject({ at: N, frame: FrameAnswer })
export const MembersAnswer = z.strictObject({ members: z.array(MemberAnswer) })
export const OwnersAnswer = z.strictObject({ owners: z.array(OwnerAnswer) })
export const DivisionsAnswer = z.strictObject({ divisions: z.array(DivisionAnswer) })
export const StagesAnswer = z.strictObject({ stages: z.array(StageAnswer) })
export const MeAnswer = z.strictObject({ member: MemberAnswer, seesAll: z.boolean() })
export const BoardAnswer = z.strictObject({
  stages: z.array(
    z.strictObject({
      stageId: Id,
      status: Status,
      count: N,
      sum: z.number().describe('Of the amounts, in cents of the office’s currency.'),
    }),
  ),
})
