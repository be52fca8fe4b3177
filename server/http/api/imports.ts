import { z } from 'zod'
import { ImportJobAnswer, ImportsAnswer, ImportUndone } from '#shared/contracts/answers/import.ts'
import { Id } from '#shared/contracts/ids.ts'
import { CheckImport, fileNameHeader, mostImportBytes, RunImport, UploadImport } from '#shared/contracts/import-job.ts'
import { can } from '#shared/domain/access.ts'
import type { ImportJobs } from '../../import/import-jobs.ts'
import { refused } from './answers.ts'
import { type Api, describe, serve } from './route.ts'

const path = '/imports'
const imports = { tag: 'imports', refusals: [403, 404, 409] } as const
const one = { ...imports, params: z.object({ id: Id }), unknown: { code: 'importGone' } } as const

/** Is this the upload of a file, whose bytes are counted while they come in? */
export function isUpload(method: string, pathname: string): boolean {
  return method === 'POST' && pathname.endsWith(`/v1${path}`)
}

/** Under `/imports`, for admins: a file goes in, is read, checked and imported; what was imported can be taken back. */
export function serveImports(api: Api, { imports: jobs }: { imports: ImportJobs }): void {
  api.use(`${path}/*`, async (c, next) => {
    // how far a token reaches was judged at the door
    const { token: _, ...member } = c.get('actor')
    if (!can(member, 'office.import')) return refused(c, { code: 'forbidden', action: 'office.import' })
    await next()
  })
  serveUpload(api, jobs)
  serve(
    api,
    { ...imports, method: 'get', path, summary: 'What the office has imported, newest first.', answer: ImportsAnswer },
    async (c) => c.json({ imports: await jobs.history(c.get('actor')) }),
  )
  serve(
    api,
    { ...one, method: 'get', path: `${path}/{id}`, summary: 'A file on its way in.', answer: ImportJobAnswer },
    async (c, { params }) => {
      const job = await jobs.find(c.get('actor'), params.id)
      return job ? c.json(job) : refused(c, { code: 'importGone' })
    },
  )
  const check = { summary: 'Begins the dry run: every fault, and what would change.', body: CheckImport, status: 202 } as const
  serve(api, { ...one, ...check, method: 'post', path: `${path}/{id}/check`, answer: ImportJobAnswer }, async (c, { params, body }) => {
    const job = await jobs.check(c.get('actor'), params.id, body)
    return 'code' in job ? refused(c, job) : c.json(job, 202)
  })
  const run = { summary: 'Imports what was checked, all or nothing.', body: RunImport, status: 202 } as const
  serve(api, { ...one, ...run, method: 'post', path: `${path}/{id}/run`, answer: ImportJobAnswer }, async (c, { params, body }) => {
    const job = await jobs.run(c.get('actor'), params.id, body, c.get('tokenId') ?? null)
    return 'code' in job ? refused(c, job) : c.json(job, 202)
  })
  serveRest(api, jobs)
}

function serveUpload(api: Api, jobs: ImportJobs): void {
  const summary = `Takes in a file of at most ${mostImportBytes / 1_048_576} MB and begins to read it.`
  describe(api, {
    ...imports,
    method: 'post',
    path,
    summary,
    query: UploadImport,
    headers: z.object({ [fileNameHeader]: z.string().optional() }),
    body: z.string().meta({ format: 'binary' }),
    bodyType: 'text/csv',
    status: 201,
    answer: ImportJobAnswer,
  })
  api.post(path, async (c) => {
    if (!can(c.get('actor'), 'office.import')) return refused(c, { code: 'forbidden', action: 'office.import' })
    const asked = UploadImport.safeParse(c.req.query())
    if (!asked.success) return refused(c, { code: 'invalid', issues: [{ field: 'file', reason: 'members, clients or dossiers' }] })
    const tooLarge = () => c.json({ refusal: { code: 'fileTooLarge', mostBytes: mostImportBytes } }, 413, { connection: 'close' })
    if (Number(c.req.header('content-length') ?? 0) > mostImportBytes) return tooLarge()
    const job = await jobs.take(c.get('actor'), asked.data.file, fileNameOf(c.req.header(fileNameHeader)), c.req.raw.body)
    if (!('code' in job)) return c.json(job, 201)
    return job.code === 'fileTooLarge' ? tooLarge() : refused(c, job)
  })
}

/** What the file is called, for the office's history; what is no name is none. */
function fileNameOf(header: string | undefined): string {
  try {
    return decodeURIComponent(header ?? '')
      .replace(/\p{Cc}/gu, '')
      .slice(0, 255)
  } catch {
    return ''
  }
}

function serveRest(api: Api, jobs: ImportJobs): void {
  const faults = { summary: 'The faulty rows as they came, with their faults in a column more.', answer: z.string() } as const
  serve(api, { ...one, ...faults, method: 'get', path: `${path}/{id}/faults.csv`, answerTypes: ['text/csv'] }, async (c, { params }) => {
    const file = await jobs.faultsFile(c.get('actor'), params.id).catch(() => null)
    if (!file) return refused(c, { code: 'importGone' })
    c.header('content-type', 'text/csv; charset=utf-8')
    c.header('content-disposition', 'attachment; filename="faulty-rows.csv"')
    return c.body(file)
  })
  serve(api, { ...one, method: 'delete', path: `${path}/{id}`, summary: 'Puts a file away.', status: 204 }, async (c, { params }) => {
    await jobs.drop(c.get('actor'), params.id)
    return c.body(null, 204)
  })
  serve(
    api,
    {
      ...one,
      method: 'post',
      path: `${path}/records/{id}/undo`,
      summary: 'Takes an import back, while nothing in it has changed.',
      unknown: { code: 'notFound', what: 'change' },
      answer: ImportUndone,
    },
    async (c, { params }) => {
      const undone = await jobs.undo(c.get('actor'), params.id, c.get('tokenId') ?? null)
      return 'code' in undone ? refused(c, undone) : c.json(undone)
    },
  )
}
