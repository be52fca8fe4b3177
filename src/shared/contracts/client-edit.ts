import { z } from 'zod'
import { ClientFields } from './client.ts'
import type { Access, Subject } from './dossier.ts'
import { Id } from './ids.ts'

/** S3.1: a client's data are kept once; fields left out stay as they are. */
export const EditClient = z.strictObject({
  type: z.literal('client.edit'),
  clientId: Id,
  fields: ClientFields.omit({ ownerId: true, divisionId: true }).partial(),
})
export type EditClient = z.infer<typeof EditClient>

export type ClientField = keyof ClientFields
export type ClientChanges = { [F in keyof ClientFields]?: [before: ClientFields[F], after: ClientFields[F]] }

/** A client's data changed; its dossiers are subjects, with the names in their rows where those are others now (S3.1). */
export interface ClientEdited {
  type: 'client.edited'
  clientId: Id
  fields: ClientChanges
  /** Who may see the client by itself. */
  access: Access
  /** Every dossier of the client; without fields where its row stays as it is. */
  subjects: Subject[]
  /** The number of the edit that this one takes back. */
  undoes?: number
}
