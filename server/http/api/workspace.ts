import { z } from 'zod'
import { CatchUpAnswer, ColumnsAnswer, WorkspaceAnswer } from '#shared/contracts/answers/workspace.ts'
import { Since } from '#shared/contracts/socket.ts'
import { catchUp } from '../../gateway/catch-up.ts'
import type { Chunks } from '../../queries/chunks.ts'
import type { Offices } from '../../queries/offices.ts'
import { maySeeChunk, openWorkspace } from '../../queries/workspace.ts'
import type { Store } from '../../store/store.ts'
import { type Api, describe, serve } from './route.ts'

interface WorkspaceOptions {
  store: Store
  offices: Offices
  chunks: Chunks
}

/** A number that came as text in an address. */
export const SinceText = z.string().regex(/^\d+$/, 'a number from 0 on').transform(Number).pipe(Since)

/** What a screen opens with and is kept up to date by. */
export function serveWorkspace(api: Api, options: WorkspaceOptions): void {
  const { store, offices, chunks } = options
  serve(
    api,
    {
      method: 'get',
      path: '/workspace',
      tag: 'workspace',
      summary: 'Everything a screen opens with; its chunks are fetched one by one.',
      answer: WorkspaceAnswer,
    },
    async (c) => {
      const manifest = await openWorkspace(options, c.get('actor'))
      return manifest ? c.json(manifest) : c.json({ error: 'sign in first' }, 401)
    },
  )
  describe(api, {
    method: 'get',
    path: '/workspace/chunks/{key}/{at}',
    tag: 'workspace',
    summary: 'The rows of one division as they were at a number, by column.',
    params: z.object({ key: z.string(), at: SinceText }),
    answer: ColumnsAnswer,
    refusals: [404],
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
  serve(
    api,
    {
      method: 'get',
      path: '/events',
      tag: 'workspace',
      summary: 'What happened after a number of the log, as far as the member may see it.',
      description: '`snapshot`: too far back, or what the member may see is another since: read the workspace, or the lists, afresh.',
      query: z.object({ since: SinceText }),
      answer: CatchUpAnswer,
    },
    async (c, { query }) => c.json(await catchUp({ store, offices }, c.get('actor'), query.since)),
  )
}
