import { z } from 'zod'
import { Status } from './dossier.ts'
import { Id } from './ids.ts'

/** What dossiers are listed in the order of. */
export const dossierSorts = ['number', 'clientName', 'title', 'amount', 'createdOn', 'changedAt', 'stageSince'] as const
export const DossierSort = z.enum(dossierSorts)

/** How many dossiers may be named one by one; without names the whole list is exported, however long. */
export const mostExported = 60_000

const NoneOrId = z.union([z.literal('none'), Id])

/** S4.16: an export of dossiers, either of these ids in this order, or of what the filter finds. */
export const ExportDossiers = z
  .strictObject({
    format: z.enum(['csv', 'xlsx']),
    /** Those that do not exist, or may not be seen, are left out. */
    ids: z.array(Id).max(mostExported).optional(),
    status: z.array(Status).optional(),
    owner: NoneOrId.optional(),
    division: NoneOrId.optional(),
    stage: Id.optional(),
    search: z.string().max(200).optional(),
    sort: DossierSort.default('number'),
    descending: z.boolean().default(false),
  })
  .refine(({ format: _f, ids, sort: _s, descending: _d, ...filter }) => !ids || Object.keys(filter).length === 0, {
    path: ['ids'],
    message: 'either ids, or a filter',
  })
export type ExportDossiers = z.infer<typeof ExportDossiers>
