import { z } from 'zod'
import { NewClient } from './client.ts'
import { Cents, type Instant, Id } from './ids.ts'

export const statuses = ['prospect', 'client', 'abandoned', 'closed'] as const
export const Status = z.enum(statuses)
export type Status = z.infer<typeof Status>

export const kinds = ['mortgage', 'pension', 'insurance', 'wealth'] as const
export const Kind = z.enum(kinds)
export type Kind = z.infer<typeof Kind>

/** S4.2: exactly these seven, in this order. */
export const abandonReasons = [
  'projectDropped',
  'ownBank',
  'competition',
  'bankRefused',
  'indebtedness',
  'overIndebtedness',
  'other',
] as const
export const AbandonReason = z.enum(abandonReasons)
export type AbandonReason = z.infer<typeof AbandonReason>

const Title = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}]*$/u, 'no control characters')

/** What decides who may see a dossier. Events keep it as it was before and after (see `Subject`). */
export interface Access {
  divisionId: Id | null
  ownerId: Id | null
  /** Members who were added as readers (S0.7). */
  readerIds: Id[]
}

/** The slim row that lists, board and palette show, and that `can()` needs. Every screen holds one of each dossier it may see. */
export interface DossierRow extends Access {
  id: Id
  /** Number of the event that last touched this row: a screen ignores events at or below it. */
  at: number
  number: string
  clientId: Id
  clientName: string
  /** Empty where there is none. */
  partnerName: string
  title: string
  kind: Kind | null
  status: Status
  stageId: Id
  /** When it entered its stage; imported: its creation date. */
  stageSince: Instant
  amount: number | null
  /** Calendar date. */
  createdOn: string
  changedAt: Instant
}

/** The fields commands change; each has its own version, the number of the event that last set it. */
export interface DossierFields {
  ownerId: Id | null
  divisionId: Id | null
  stageId: Id
  stageSince: Instant
  status: Status
  abandonReason: AbandonReason | null
  title: string
  kind: Kind | null
  amount: number | null
  /* what only an import sets */
  subject: 'client' | 'partner'
  provenance: string | null
  introducer: string | null
  complete: boolean
  createdOn: string
  clientName: string
  partnerName: string
}
export type DossierField = keyof DossierFields
export type FieldChanges = { [F in DossierField]?: [before: DossierFields[F], after: DossierFields[F]] }

export interface Dossier extends DossierRow {
  abandonReason: AbandonReason | null
  subject: 'client' | 'partner'
  provenance: string | null
  introducer: string | null
  complete: boolean
  /** Event number that last set a field; absent: set when the dossier was created. */
  versions: { [F in DossierField]?: number }
  /** When each stage was last entered, for the dates under the gauge. */
  stageDates: Record<Id, Instant>
}

/* ---- commands ---- */

export const CreateDossier = z.strictObject({
  type: z.literal('dossier.create'),
  dossierId: Id,
  /** An existing client, or a new one typed in (its id is made by the sender). */
  client: z.union([z.strictObject({ id: Id }), z.strictObject({ id: Id, new: NewClient })]),
  kind: Kind,
  title: Title,
  amount: Cents.nullable(),
  /** S0.2: absent means the member who creates it; who has no entry in the directory must choose. */
  ownerId: Id.optional(),
  divisionId: Id.nullable().optional(),
})
export type CreateDossier = z.infer<typeof CreateDossier>

/** S0.3: division and owner are one choice; either may be left out to stay as it is, null is "none". */
export const ChangeOwner = z.strictObject({
  type: z.literal('dossier.changeOwner'),
  dossierId: Id,
  ownerId: Id.nullable().optional(),
  divisionId: Id.nullable().optional(),
})
export type ChangeOwner = z.infer<typeof ChangeOwner>

export const MoveStage = z.strictObject({ type: z.literal('dossier.moveStage'), dossierId: Id, stageId: Id })
export type MoveStage = z.infer<typeof MoveStage>

/** Prospect and client are changed into each other as a field (S4.9); the other two have their own ways. */
export const ChangeStatus = z.strictObject({
  type: z.literal('dossier.changeStatus'),
  dossierId: Id,
  status: z.enum(['prospect', 'client']),
})
export type ChangeStatus = z.infer<typeof ChangeStatus>

export const AbandonDossier = z.strictObject({ type: z.literal('dossier.abandon'), dossierId: Id, reason: AbandonReason })
export type AbandonDossier = z.infer<typeof AbandonDossier>

export const EditDossier = z.strictObject({
  type: z.literal('dossier.edit'),
  dossierId: Id,
  title: Title.optional(),
  kind: Kind.optional(),
  amount: Cents.nullable().optional(),
})
export type EditDossier = z.infer<typeof EditDossier>

/** How many dossiers one command may concern. */
export const mostSelected = 10_000
const Selected = z.array(Id).min(1).max(mostSelected)

/** Many at once, all or nothing, one undo. */
export const MoveSelection = z.strictObject({ type: z.literal('selection.moveStage'), dossierIds: Selected, stageId: Id })
export type MoveSelection = z.infer<typeof MoveSelection>

/** S0.5: many at once, within S0.3; all or nothing, one undo. */
export const ChangeOwnerOfSelection = z.strictObject({
  type: z.literal('selection.changeOwner'),
  dossierIds: Selected,
  ownerId: Id.nullable().optional(),
  divisionId: Id.nullable().optional(),
})
export type ChangeOwnerOfSelection = z.infer<typeof ChangeOwnerOfSelection>

/* ---- events ---- */

/** One dossier that an event touched. A bulk change is one event with many subjects. */
export interface Subject {
  dossierId: Id
  fields: FieldChanges
  access: { before: Access; after: Access }
}

export interface DossierCreated {
  type: 'dossier.created'
  dossier: Dossier
}

export interface DossierChanged {
  type: 'dossier.ownerChanged' | 'dossier.stageMoved' | 'dossier.statusChanged' | 'dossier.abandoned' | 'dossier.edited'
  subjects: Subject[]
}

/** The inverse of an earlier change; `undoes` is that event's number. */
export interface DossierChangeUndone {
  type: 'dossier.changeUndone'
  undoes: number
  subjects: Subject[]
}
