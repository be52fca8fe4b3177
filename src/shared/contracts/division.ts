import { z } from 'zod'
import { Id } from './ids.ts'
import { PersonName } from './person-name.ts'

/** A named group of members and manual directory entries inside an office; one may be in several. */
export interface Division {
  id: Id
  name: string
}

/** S0.1, S0.8: the first division turns the office's setting "divisions" on. */
export const CreateDivision = z.strictObject({ type: z.literal('division.create'), divisionId: Id, name: PersonName })
export type CreateDivision = z.infer<typeof CreateDivision>
export const RenameDivision = z.strictObject({ type: z.literal('division.rename'), divisionId: Id, name: PersonName })
export type RenameDivision = z.infer<typeof RenameDivision>
/** Only an empty one: no members, manual entries, clients or dossiers. */
export const DeleteDivision = z.strictObject({ type: z.literal('division.delete'), divisionId: Id })
export type DeleteDivision = z.infer<typeof DeleteDivision>

export interface DivisionCreated {
  type: 'division.created'
  division: Division
  /** It was the first: the setting "divisions" is on from here on. */
  turnsOn: boolean
}
export interface DivisionRenamed {
  type: 'division.renamed'
  divisionId: Id
  name: [before: string, after: string]
}
export interface DivisionDeleted {
  type: 'division.deleted'
  division: Division
}
