import { z } from 'zod'
import { Child, ClientFields, type Client, type ClientHit } from '../client.ts'
import type { DossierPage, HistoryEntry } from '../dossier-page.ts'
import { AbandonReason, type Access, type Dossier, type DossierFields, type DossierRow, Kind, Status } from '../dossier.ts'
import { CalendarDate, Cents, Id, Instant } from '../ids.ts'
import { changesOf } from './change.ts'
import { eventTypes } from './event-types.ts'

/* What the API answers about dossiers and clients. */

const N = z.number().int().nonnegative()

const row = {
  id: Id,
  at: N,
  number: z.string(),
  clientId: Id,
  clientName: z.string(),
  partnerName: z.string(),
  title: z.string(),
  kind: Kind.nullable(),
  status: Status,
  stageId: Id,
  stageSince: Instant,
  amount: Cents.nullable(),
  createdOn: CalendarDate,
  changedAt: Instant,
  divisionId: Id.nullable(),
  ownerId: Id.nullable(),
  readerIds: z.array(Id),
} satisfies { [F in keyof DossierRow]: z.ZodType<DossierRow[F]> }

const fields = {
  ownerId: Id.nullable(),
  divisionId: Id.nullable(),
  stageId: Id,
  stageSince: Instant,
  status: Status,
  abandonReason: AbandonReason.nullable(),
  title: z.string(),
  kind: Kind.nullable(),
  amount: Cents.nullable(),
  subject: z.enum(['client', 'partner']),
  provenance: z.string().nullable(),
  introducer: z.string().nullable(),
  complete: z.boolean(),
  createdOn: CalendarDate,
  clientName: z.string(),
  partnerName: z.string(),
} satisfies { [F in keyof DossierFields]: z.ZodType<DossierFields[F]> }

/** The row that lists and boards show. */
export const DossierRowAnswer = z.strictObject(row).meta({ id: 'DossierRow' }) satisfies z.ZodType<DossierRow>

const { abandonReason, subject, provenance, introducer, complete } = fields
export const DossierAnswer = z
  .strictObject({
    ...row,
    abandonReason,
    subject,
    provenance,
    introducer,
    complete,
    versions: z.record(z.string(), N).describe('By field: the number of the event that last set it; absent: set when it was created.'),
    stageDates: z.record(z.string(), Instant).describe('By stage: when it was last entered.'),
  })
  .meta({ id: 'Dossier' }) satisfies z.ZodType<Dossier>

export const HistoryEntryAnswer = z
  .strictObject({
    n: N,
    at: Instant,
    by: Id,
    commandId: Id,
    via: z.string().optional(),
    type: z.enum(eventTypes),
    fields: changesOf(fields) as unknown as z.ZodType<HistoryEntry['fields']>,
    undoes: N.optional(),
    commentId: Id.optional(),
  })
  .meta({ id: 'HistoryEntry' }) satisfies z.ZodType<HistoryEntry>

/** What decides who may see something. */
export const AccessAnswer = z.strictObject({
  divisionId: Id.nullable(),
  ownerId: Id.nullable(),
  readerIds: z.array(Id),
}) satisfies z.ZodType<Access>

/** One dossier that an event touched. */
export const SubjectAnswer = z
  .strictObject({ dossierId: Id, fields: changesOf(fields), access: z.strictObject({ before: AccessAnswer, after: AccessAnswer }) })
  .meta({ id: 'Subject' })

/** Texts are as long as they were let in; they are not judged again. */
export const clientFields = { ...ClientFields.shape, children: z.array(Child) }
export const ClientAnswer = z.strictObject({ ...clientFields, id: Id, at: N }).meta({ id: 'Client' }) satisfies z.ZodType<Client>

export const ClientHitAnswer = z
  .strictObject({ id: Id, name: z.string(), detail: z.string() })
  .meta({ id: 'ClientHit' }) satisfies z.ZodType<ClientHit>

export const DossiersAnswer = z.strictObject({ total: N, offset: N, dossiers: z.array(DossierAnswer) })
export const DossierPageAnswer = z.strictObject({
  dossier: DossierAnswer,
  client: ClientAnswer,
  history: z.array(HistoryEntryAnswer),
}) satisfies z.ZodType<DossierPage>
export const HistoryAnswer = z.strictObject({ history: z.array(HistoryEntryAnswer) })
export const ClientHitsAnswer = z.strictObject({ clients: z.array(ClientHitAnswer) })
export const ClientsAnswer = z.strictObject({
  clients: z.array(ClientAnswer),
  next: Id.nullable().describe('Ask with it as `after` for what follows; null: that was the last page.'),
})
