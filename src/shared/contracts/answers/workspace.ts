import { z } from 'zod'
import { Id } from '../ids.ts'
import type { CatchUp, WorkspaceManifest } from '../workspace.ts'
import { DossierRowAnswer } from './dossier.ts'
import { EventAnswer } from './event.ts'
import { FrameAnswer } from './office.ts'

/* What the API answers to a screen: what it opens with, and what happened since. */

const N = z.number().int().nonnegative()

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
