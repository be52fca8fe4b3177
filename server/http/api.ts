import { Hono, type Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { z } from 'zod'
import { type Answer, Command } from '#shared/contracts/commands.ts'
import { Status } from '#shared/contracts/dossier.ts'
import { Id } from '#shared/contracts/ids.ts'
import type { Refusal } from '#shared/contracts/refusals.ts'
import { Since } from '#shared/contracts/socket.ts'
import { words } from '#shared/domain/fold.ts'
import type { Authenticate } from '../auth/door.ts'
import { invalid } from '../commands/invalid.ts'
import type { CommandQueue } from '../commands/queue.ts'
import type { Exporter } from '../export/exporter.ts'
import { catchUp } from '../gateway/catch-up.ts'
import type { Chunks } from '../queries/chunks.ts'
import { findClients } from '../queries/clients.ts'
import { dossierPage, historyOf } from '../queries/dossier-page.ts'
import type { Offices } from '../queries/offices.ts'
import { maySeeChunk, openWorkspace } from '../queries/workspace.ts'
import type { NotesServer } from '../rooms/notes-server.ts'
import type { Store } from '../store/store.ts'
import { type Env, refused } from './api/answers.ts'
import { exportPath, serveExport } from './api/export.ts'
import { createMe, type MeOptions } from './me.ts'

export interface ApiOptions extends MeOptions {
  store: Store
  offices: Offices
  queue: CommandQueue
  chunks: Chunks
  notes: Pick<NotesServer, 'grant'>
  authenticate: Authenticate
  isAllowedOrigin: (origin: string | undefined) => boolean
  newId: () => Id
  exporter: Exporter
  now: () => number
}

/** Everything under `/api/v1` that asks for a signed-in member: reads, and one door for every command. */
export function createApi(options: ApiOptions): Hono<Env> {
  const api = new Hono<Env>()
  const usual = limited(256)
  // names each of many dossiers
  const large = limited(4_096)
  api.use('*', (c, next) => (c.req.path.endsWith(exportPath) ? large(c, next) : usual(c, next)))
  api.use('*', async (c, next) => {
    const isWrite = c.req.method !== 'GET' && c.req.method !== 'HEAD'
    if (isWrite && !options.isAllowedOrigin(c.req.header('origin'))) return c.json({ error: 'this Origin is not allowed' }, 403)
    const seat = await options.authenticate(c.req.raw.headers)
    if (!seat) return c.json({ error: 'sign in first' }, 401)
    c.set('actor', seat.actor)
    c.set('sessionKey', seat.sessionKey)
    c.header('cache-control', 'no-store')
    await next()
  })
  serveCommands(api, options)
  serveWorkspace(api, options)
  serveReads(api, options)
  serveExport(api, options)
  api.route('/', createMe(options))
  api.all('*', (c) => c.json({ error: 'there is no such resource' }, 404))
  return api
}

/** Takes bodies up to this many KB. */
function limited(kilobytes: number) {
  const refusal: Refusal = { code: 'invalid', issues: [{ field: '(body)', reason: `at most ${kilobytes} KB` }] }
  return bodyLimit({ maxSize: kilobytes * 1024, onError: (c) => c.json({ refusal }, 413, { connection: 'close' }) })
}

/** The body of a command by HTTP: its fields, and optionally the number of the log that its sender had seen. */
const Body = z.looseObject({ seen: Since.optional() })
/** Under this header's id the command may be repeated; it has one effect. */
const repeatHeader = 'idempotency-key'

function serveCommands(api: Hono<Env>, { queue, newId }: ApiOptions): void {
  api.post('/commands/:type', async (c) => {
    const body: unknown = await c.req.json().catch(() => undefined)
    const parsed = Body.safeParse(body)
    if (!parsed.success) return refused(c, invalid(parsed.error))
    const key = Id.safeParse(c.req.header(repeatHeader) ?? newId())
    if (!key.success)
      return refused(c, { code: 'invalid', issues: [{ field: 'Idempotency-Key', reason: 'an id of 14 to 40 letters or digits' }] })
    const commandId = key.data
    const { seen, ...fields } = parsed.data
    const command = Command.safeParse({ ...fields, type: c.req.param('type') })
    if (!command.success) return refused(c, invalid(command.error))
    const { officeId, memberId } = c.get('actor')
    const answer: Answer = await queue.dispatch(officeId, memberId, {
      id: commandId,
      ...(seen !== undefined && { seen }),
      command: command.data,
    })
    return answer.ok ? c.json({ commandId, n: answer.n }) : refused(c, answer.refusal)
  })
}

function serveWorkspace(api: Hono<Env>, options: ApiOptions): void {
  const { store, offices, chunks } = options
  api.get('/workspace', async (c) => {
    const manifest = await openWorkspace(options, c.get('actor'))
    return manifest ? c.json(manifest) : c.json({ error: 'sign in first' }, 401)
  })
  api.get('/workspace/chunks/:key/:at', async (c) => {
    const { key, at } = c.req.param()
    const actor = c.get('actor')
    const chunk = (await maySeeChunk(offices, actor, key, Number(at))) ? chunks.find(actor.officeId, key, Number(at)) : null
    if (!chunk) return c.json({ error: 'there is no such chunk any more: open the workspace again' }, 404)
    c.header('content-type', 'application/json')
    c.header('vary', 'accept-encoding')
    if (!c.req.header('accept-encoding')?.includes('gzip')) {
      return c.body(new Blob([chunk.gzip]).stream().pipeThrough(new DecompressionStream('gzip')))
    }
    c.header('content-encoding', 'gzip')
    return c.body(chunk.gzip)
  })
  api.get('/events', async (c) => {
    const since = Since.safeParse(Number(c.req.query('since') ?? 'NaN'))
    if (!since.success) return refused(c, { code: 'invalid', issues: [{ field: 'since', reason: 'a number from 0 on' }] })
    return c.json(await catchUp({ store, offices }, c.get('actor'), since.data))
  })
}

const nullable = z.union([z.literal('none').transform(() => null), Id]).optional()
const ListQuery = z.object({
  status: z
    .string()
    .transform((s) => s.split(','))
    .pipe(z.array(Status))
    .optional(),
  owner: nullable,
  division: nullable,
  stage: Id.optional(),
  search: z.string().max(200).optional(),
  sort: z.enum(['number', 'clientName', 'title', 'amount', 'createdOn', 'changedAt', 'stageSince']).default('changedAt'),
  descending: z.enum(['true', 'false']).default('true'),
  offset: z.coerce.number().int().min(0).max(10_000_000).default(0),
  limit: z.coerce.number().int().min(1).max(500).default(100),
})
const Search = z.object({ search: z.string().max(200).default(''), limit: z.number().int().min(1).max(100).default(20) })

function serveReads(api: Hono<Env>, { store, offices, notes }: ApiOptions): void {
  api.get('/office', async (c) => {
    const state = await offices.find(c.get('actor').officeId)
    return c.json({ at: state?.number, frame: state?.frame })
  })
  const list = async (c: Context<Env>, asked: unknown) => {
    const query = ListQuery.safeParse(asked)
    if (!query.success) return refused(c, invalid(query.error))
    const { status, owner, division, stage, search, sort, descending, offset, limit } = query.data
    const actor = c.get('actor')
    const filter = {
      ...(status && { status }),
      ...(owner !== undefined && { ownerId: owner }),
      ...(division !== undefined && { divisionId: division }),
      ...(stage && { stageId: stage }),
      ...(search && { words: words(search) }),
      ...(!actor.seesAll && { reach: actor }),
    }
    const page = await store.dossiers(actor.officeId, filter, { by: sort, descending: descending === 'true' }, { offset, limit })
    return c.json({ total: page.total, offset, dossiers: page.dossiers })
  }
  api.get('/dossiers', (c) => list(c, { ...c.req.query(), search: undefined }))
  api.post('/dossiers/search', async (c) => list(c, await c.req.json().catch(() => undefined)))
  api.get('/board', async (c) => {
    const actor = c.get('actor')
    return c.json({ stages: await store.boardCounts(actor.officeId, actor.seesAll ? {} : { reach: actor }) })
  })
  api.get('/dossiers/:id', async (c) => {
    const page = await dossierPage(store, c.get('actor'), c.req.param('id'))
    return page ? c.json(page) : refused(c, { code: 'notFound', what: 'dossier' })
  })
  api.get('/dossiers/:id/history', async (c) => {
    const before = c.req.query('before')
    if (before !== undefined && !Since.safeParse(Number(before)).success) {
      return refused(c, { code: 'invalid', issues: [{ field: 'before', reason: 'a number from 0 on' }] })
    }
    const history = await historyOf(store, c.get('actor'), c.req.param('id'), before === undefined ? undefined : Number(before))
    return history ? c.json({ history }) : refused(c, { code: 'notFound', what: 'dossier' })
  })
  api.post('/dossiers/:id/note/grant', async (c) => {
    const id = Id.safeParse(c.req.param('id'))
    if (!id.success) return refused(c, { code: 'notFound', what: 'dossier' })
    const grant = await notes.grant(c.get('actor'), id.data)
    return 'code' in grant ? refused(c, grant) : c.json(grant)
  })
  // searched words are names, which do not belong into addresses: they come in the body
  api.post('/clients/search', async (c) => {
    const query = Search.safeParse(await c.req.json().catch(() => undefined))
    if (!query.success) return refused(c, invalid(query.error))
    return c.json({ clients: await findClients(store, c.get('actor'), query.data.search, query.data.limit) })
  })
}
