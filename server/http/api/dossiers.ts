import type { Context } from 'hono'
import { z } from 'zod'
import { DossierPageAnswer, DossiersAnswer, HistoryAnswer } from '#shared/contracts/answers/dossier.ts'
import { BoardAnswer } from '#shared/contracts/answers/office.ts'
import { Status } from '#shared/contracts/dossier.ts'
import { DossierSort } from '#shared/contracts/export.ts'
import { Id } from '#shared/contracts/ids.ts'
import { NoteGrant } from '#shared/contracts/notes-wire.ts'
import type { Refusal } from '#shared/contracts/refusals.ts'
import { words } from '#shared/domain/fold.ts'
import { dossierPage, historyOf } from '../../queries/dossier-page.ts'
import type { NotesServer } from '../../rooms/notes-server.ts'
import type { Store } from '../../store/store.ts'
import { type Env, refused } from './answers.ts'
import { GrantQuery } from './grant-query.ts'
import { type Api, serve } from './route.ts'
import { SinceText } from './workspace.ts'

const statusList = z
  .string()
  .transform((s) => s.split(','))
  .pipe(z.array(Status))
const noneOrId = z.union([z.literal('none'), Id]).optional()

const filter = {
  owner: noneOrId.describe('An entry of the owner directory, or `none`.'),
  division: noneOrId,
  stage: Id.optional(),
  sort: DossierSort.default('changedAt'),
}
const ListQuery = z.object({
  ...filter,
  status: statusList.optional().describe('One or more, with commas: `prospect,client`.'),
  descending: z.enum(['true', 'false']).default('true'),
  offset: z.coerce.number<string>().int().min(0).max(10_000_000).default(0),
  limit: z.coerce.number<string>().int().min(1).max(500).default(100),
})
const SearchBody = z.object({
  ...filter,
  search: z.string().max(200).optional().describe('Words that begin words of number, title or names.'),
  status: z.union([z.array(Status), statusList]).optional(),
  descending: z.union([z.boolean(), z.stringbool({ truthy: ['true'], falsy: ['false'] })]).default(true),
  offset: z.number().int().min(0).max(10_000_000).default(0),
  limit: z.number().int().min(1).max(500).default(100),
})

const params = z.object({ id: Id })
const unknown: Refusal = { code: 'notFound', what: 'dossier' }

interface DossierOptions {
  store: Store
  notes: Pick<NotesServer, 'grant'>
}

/** Lists of dossiers, the board's figures, and one dossier with its history and note. */
export function serveDossiers(api: Api, { store, notes }: DossierOptions): void {
  serveLists(api, store)
  serve(
    api,
    {
      method: 'get',
      path: '/board',
      tag: 'dossiers',
      summary: 'By stage and status: how many dossiers, and the sum of their amounts.',
      answer: BoardAnswer,
    },
    async (c) => {
      const actor = c.get('actor')
      return c.json({ stages: await store.boardCounts(actor.officeId, actor.seesAll ? {} : { reach: actor }) })
    },
  )
  serve(
    api,
    {
      method: 'get',
      path: '/dossiers/{id}',
      tag: 'dossiers',
      summary: 'A dossier with its client and its newest changes.',
      params,
      unknown,
      answer: DossierPageAnswer,
    },
    async (c, { params: { id } }) => {
      const page = await dossierPage(store, c.get('actor'), id)
      return page ? c.json(page) : refused(c, unknown)
    },
  )
  serve(
    api,
    {
      method: 'get',
      path: '/dossiers/{id}/history',
      tag: 'dossiers',
      summary: 'A dossier’s changes, newest first, at most 200.',
      params,
      unknown,
      query: z.object({ before: SinceText.optional().describe('Only those below this number.') }),
      answer: HistoryAnswer,
    },
    async (c, { params: { id }, query }) => {
      const history = await historyOf(store, c.get('actor'), id, query.before)
      return history ? c.json({ history }) : refused(c, unknown)
    },
  )
  serve(
    api,
    {
      method: 'post',
      path: '/dossiers/{id}/note/grant',
      tag: 'dossiers',
      summary: 'What an editor needs before it opens the note on the notes socket.',
      params,
      unknown,
      query: GrantQuery,
      answer: NoteGrant,
      refusals: [403, 404],
    },
    async (c, { params: { id }, query: { ahead } }) => {
      const grant = await notes.grant(c.get('actor'), id, ahead)
      return 'code' in grant ? refused(c, grant) : c.json(grant)
    },
  )
}

function serveLists(api: Api, store: Store): void {
  const common = {
    tag: 'dossiers',
    description: 'Only what the member may see. `total` counts all that are found, also beyond this page.',
    answer: DossiersAnswer,
  } as const
  serve(
    api,
    { ...common, method: 'get', path: '/dossiers', summary: 'Dossiers by filter, a page at a time.', query: ListQuery },
    (c, { query }) => list(c, store, { ...query, descending: query.descending === 'true' }),
  )
  // searched words are names, which do not belong into addresses: they come in the body
  serve(
    api,
    { ...common, method: 'post', scope: 'read', path: '/dossiers/search', summary: 'The same, also by words.', body: SearchBody },
    (c, { body }) => list(c, store, body),
  )
}

async function list(c: Context<Env>, store: Store, asked: z.output<typeof SearchBody>): Promise<Response> {
  const { status, owner, division, stage, search, sort, descending, offset, limit } = asked
  const actor = c.get('actor')
  const filter = {
    ...(status && { status }),
    ...(owner !== undefined && { ownerId: owner === 'none' ? null : owner }),
    ...(division !== undefined && { divisionId: division === 'none' ? null : division }),
    ...(stage && { stageId: stage }),
    ...(search && { words: words(search) }),
    ...(!actor.seesAll && { reach: actor }),
  }
  const page = await store.dossiers(actor.officeId, filter, { by: sort, descending }, { offset, limit })
  return c.json({ total: page.total, offset, dossiers: page.dossiers })
}
