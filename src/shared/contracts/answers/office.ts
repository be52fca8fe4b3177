import { z } from 'zod'
import type { Division } from '../division.ts'
import { Status } from '../dossier.ts'
import { Id, Instant } from '../ids.ts'
import { Language } from '../language.ts'
import { Density, type Member, Role, Theme } from '../member.ts'
import { Currency, type Frame, type Office, SeesWhat } from '../office.ts'
import type { Owner } from '../owner.ts'
import type { Stage } from '../stage.ts'
import type { CatchUp, WorkspaceManifest } from '../workspace.ts'
import { DossierRowAnswer } from './dossier.ts'
import { EventAnswer } from './event.ts'

/* What the API answers about the office: settings, people, stages, and what a screen opens with. */

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

export const WorkspaceAnswer = z.strictObject({
  at: N,
  memberId: Id,
  frame: FrameAnswer,
  chunks: z.array(z.strictObject({ key: z.string(), at: N, rows: N })),
  rows: z.array(DossierRowAnswer),
  gone: z.array(Id),
}) satisfies z.ZodType<WorkspaceManifest>

/** Rows by column; every array has one entry a row. */
export const ColumnsAnswer = z.strictObject(
  Object.fromEntries(Object.entries(DossierRowAnswer.shape).map(([field, schema]) => [field, z.array(schema)])),
)

const Item = z.union([
  z.strictObject({ kind: z.literal('event'), event: EventAnswer }),
  z.strictObject({ kind: z.literal('row'), row: DossierRowAnswer, by: Id.optional(), commandId: Id.optional() }),
  z.strictObject({ kind: z.literal('gone'), dossierId: Id }),
  z.strictObject({ kind: z.literal('resync'), reach: z.boolean(), spreadMs: N }),
])
export const CatchUpAnswer = z.union([
  z.strictObject({ kind: z.literal('deliveries'), deliveries: z.array(z.strictObject({ from: N, to: N, items: z.array(Item) })) }),
  z.strictObject({ kind: z.literal('snapshot') }),
]) satisfies { _output: { kind: CatchUp['kind'] } }
