import { OpenAPIHono } from '@hono/zod-openapi'
import { bodyLimit } from 'hono/body-limit'
import type { Id } from '#shared/contracts/ids.ts'
import type { Refusal } from '#shared/contracts/refusals.ts'
import type { CommandQueue } from '../commands/queue.ts'
import type { CopyKeys } from '../copies/copy-keys.ts'
import type { Exporter } from '../export/exporter.ts'
import type { Visits } from '../gateway/visits.ts'
import type { Chunks } from '../queries/chunks.ts'
import type { ImportJobs } from '../import/import-jobs.ts'
import type { Offices, OfficeState } from '../queries/offices.ts'
import type { NotesServer } from '../rooms/notes-server.ts'
import type { Store } from '../store/store.ts'
import type { Env } from './api/answers.ts'
import { serveClients } from './api/clients.ts'
import { serveCommands } from './api/commands.ts'
import { serveCopies } from './api/copies.ts'
import { serveDossiers } from './api/dossiers.ts'
import { serveComments } from './api/comments.ts'
import { describeEntrance } from './api/entrance.ts'
import { exportPath, serveExport } from './api/export.ts'
import { isUpload, serveImports } from './api/imports.ts'
import { describeMe } from './api/me.ts'
import { serveMyDay } from './api/my-day.ts'
import { serveNoteSearch } from './api/note-search.ts'
import { serveNoteVersions } from './api/note-versions.ts'
import { serveOffice } from './api/office.ts'
import { type Api, neededScope } from './api/route.ts'
import { serveTokens } from './api/tokens.ts'
import { serveWorkspace } from './api/workspace.ts'
import { enter, type EnterOptions } from './enter.ts'
import { createMe, type MeOptions } from './me.ts'

export interface ApiOptions extends MeOptions, EnterOptions {
  store: Store
  offices: Offices
  queue: CommandQueue
  chunks: Chunks
  notes: Pick<NotesServer, 'grant' | 'grantComments' | 'versions'>
  newId: () => Id
  exporter: Exporter
  imports: ImportJobs
  visits: Pick<Visits, 'seen'>
  now: () => number
  copies: CopyKeys
  current: (officeId: Id) => Promise<OfficeState | null>
}

/** Everything under `/api/v1` that asks for a signed-in member: reads, and one door for every command. */
export function createApi(options: ApiOptions): Api {
  const api: Api = new OpenAPIHono<Env>()
  const usual = limited(256)
  // names each of many dossiers
  const large = limited(4_096)
  const namesMany = (path: string) => path.endsWith(exportPath) || path.includes('/commands/selection.')
  api.use('*', (c, next) => {
    // a file is counted while it comes in
    if (isUpload(c.req.method, c.req.path)) return next()
    return namesMany(c.req.path) ? large(c, next) : usual(c, next)
  })
  api.use(
    '*',
    enter(options, (method, path) => neededScope(api, method, path)),
  )
  serveCommands(api, options)
  serveWorkspace(api, options)
  serveOffice(api, options)
  // before the dossiers: an export is no dossier's id
  serveExport(api, options)
  serveDossiers(api, options)
  serveNoteVersions(api, options)
  serveNoteSearch(api, options)
  serveComments(api, options)
  serveCopies(api, options)
  serveClients(api, options)
  serveImports(api, options)
  serveMyDay(api, options)
  serveTokens(api, options)
  describeMe(api)
  describeEntrance(api)
  api.route('/', createMe(options))
  api.all('*', (c) => c.json({ error: 'there is no such resource' }, 404))
  return api
}

/** Takes bodies up to this many KB. */
function limited(kilobytes: number) {
  const refusal: Refusal = { code: 'invalid', issues: [{ field: '(body)', reason: `at most ${kilobytes} KB` }] }
  return bodyLimit({ maxSize: kilobytes * 1024, onError: (c) => c.json({ refusal }, 413, { connection: 'close' }) })
}
