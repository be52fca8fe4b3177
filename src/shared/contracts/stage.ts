import { z } from 'zod'
import type { Subject } from './dossier.ts'
import { Id } from './ids.ts'
import { Language } from './language.ts'
import { PersonName } from './person-name.ts'

/** A step of the office's own pipeline. Stages stand in the frame in their order; exactly one is the closing one (S4.9). */
export interface Stage {
  id: Id
  /** Named in at least the office's language. */
  names: Partial<Record<Language, string>>
  closing: boolean
  /** How many days are usual in this stage; null: no expectation. Past it a card goes amber, past twice that red. */
  usualDays: number | null
}

const StageNames = z.partialRecord(Language, PersonName)
const UsualDays = z.number().int().min(1).max(3650).nullable()

/** `before`: the stage it comes in front of; null: it is the last. */
export const AddStage = z.strictObject({
  type: z.literal('stage.add'),
  stageId: Id,
  names: StageNames,
  usualDays: UsualDays,
  before: Id.nullable(),
})
export type AddStage = z.infer<typeof AddStage>
/** Fields left out stay as they are; `names` replaces all names. */
export const EditStage = z.strictObject({
  type: z.literal('stage.edit'),
  stageId: Id,
  names: StageNames.optional(),
  usualDays: UsualDays.optional(),
})
export type EditStage = z.infer<typeof EditStage>
export const PlaceStage = z.strictObject({ type: z.literal('stage.place'), stageId: Id, before: Id.nullable() })
export type PlaceStage = z.infer<typeof PlaceStage>
/** S4.9: what stands in it is closed from now on; what stood in the one before is a client's again. */
export const MakeClosingStage = z.strictObject({ type: z.literal('stage.makeClosing'), stageId: Id })
export type MakeClosingStage = z.infer<typeof MakeClosingStage>
/** `moveTo`: where its dossiers go; needed when it holds any. */
export const RemoveStage = z.strictObject({ type: z.literal('stage.remove'), stageId: Id, moveTo: Id.nullable() })
export type RemoveStage = z.infer<typeof RemoveStage>

/** The office's stages are others from here on: all of them as they were and are, and the dossiers that moved or changed status with it. */
export interface StagesChanged {
  type: 'office.stagesChanged'
  change: 'added' | 'edited' | 'placed' | 'closingMoved' | 'removed' | 'undone'
  stageId: Id
  stages: [before: Stage[], after: Stage[]]
  subjects: Subject[]
}
