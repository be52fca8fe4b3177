import { z } from 'zod'
import { CalendarDate, Id } from './ids.ts'
import { Language } from './language.ts'
import { PersonName } from './person-name.ts'

const Text = z.string().trim().max(200)

export const Child = z.strictObject({ name: PersonName, birthDate: CalendarDate.nullable(), custody: z.enum(['home', 'alternating']) })

export const Partner = z.strictObject({
  firstName: z.string().trim().max(120),
  lastName: z.string().trim().max(120),
  birthDate: CalendarDate.nullable(),
  status: z.enum(['partner', 'ex', 'deceased']),
  statusDate: CalendarDate.nullable(),
})
export type Partner = z.infer<typeof Partner>

/** A household: the client, perhaps a partner, children; contact details. A name is enough. */
export const ClientFields = z.strictObject({
  reference: Text.nullable(),
  firstName: z.string().trim().max(120),
  lastName: PersonName,
  birthDate: CalendarDate.nullable(),
  email: Text.nullable(),
  phone: Text.nullable(),
  street: Text.nullable(),
  postcode: Text.nullable(),
  city: Text.nullable(),
  language: Language.nullable(),
  partner: Partner.nullable(),
  children: z.array(Child).max(30),
  adviceFor: z.enum(['client', 'partner', 'both']),
  ownerId: Id.nullable(),
  divisionId: Id.nullable(),
})
export type ClientFields = z.infer<typeof ClientFields>

export interface Client extends ClientFields {
  id: Id
  at: number
}

/** A client made inside the new-dossier dialog: the name is enough (S3.3). */
export const NewClient = z.strictObject({ firstName: z.union([z.literal(''), PersonName]).default(''), lastName: PersonName })

/** What the picker shows of a client the member may see. */
export interface ClientHit {
  id: Id
  name: string
  detail: string
}

export interface ClientCreated {
  type: 'client.created'
  client: Client
}
