import { z } from 'zod'
import { CatchUpAnswer, ColumnsAnswer, WorkspaceAnswer } from '#shared/contracts/answers/workspace.ts'
import { Since } from '#shared/contracts/socket.ts'
import { catchUp } from '../../gateway/catch-up.ts'
import type { Id } from '#shared/contracts/ids.ts'
import { type Chunks, noRows } from '../../queries/chunks.ts'
import type { Offices, OfficeState } from '../../queries/offices.ts'
import { maySeeChunk, namedChunks, openOver, openWorkspace } from '../../queries/workspace.ts'
import type { Store } from '../../store/store.ts'
import { type Api, describe, serve } from './route.ts'

interface WorkspaceOptions {
  store: Store
  offices: Offices
  chunks: Chunks
  /** Reads what other nodes wrote. */
  current: (officeId: Id) => Promise<OfficeState | null>
}

/** A number that came as text in an address. */
export const SinceText = z.string().regex(/^\d+$/, 'a number from 0 on').transform(Number).pipe(Since)

/** What a screen opens with and is kept up to date by. */
export function serveWorkspace(api: Api, options: WorkspaceOptions): void {
  const { store, offices, current } = options
  serve(
    api,
    {
      method: 'get',
      path: '/workspace',
      tag: 'workspace',
      summary: 'Everything a screen opens with; its chunks are fetched one by one.',
      description:
        '`over`: for chunks that are at hand, the number that the oldest of them stands at: no chunks, but everything that changed since; 404 where that is too much.',
      query: z.object({ over: SinceText.optional() }),
      answer: WorkspaceAnswer,
      refusals: [404],
    },
    async (c, { query: { over } }) => {
      const actor = c.get('actor')
      if (over === undefined) {
        const manifest = await openWorkspace(options, actor)
        return manifest ? c.json(manifest) : c.json({ error: 'sign in first' }, 401)
      }
      // the chunks may be of a node that is ahead
      await current(actor.officeId)
      const manifest = await openOver(options, actor, over)
      return manifest ? c.json(manifest) : c.json({ error: 'too much has changed since: open the workspace again' }, 404)
    },
  )
  describe(api, {
    method: 'get',
    path: '/workspace/chunks/{key}/{at}',
    tag: 'workspace',
    summary: 'The rows of one division as they were at a number, by column.',
    description: 'The header `stands-at` says at which number: where this one is not kept here, it is the newest that is.',
    params: z.object({ key: z.string(), at: SinceText }),
    answer: ColumnsAnswer,
    refusals: [404],
  })
  api.get('/workspace/chunks/:key/:at', async (c) => {
    const { key, at } = c.req.param()
    const actor = c.get('actor')
    const set = SinceText.safeParse(at).success ? await namedChunks(options, actor.officeId, Number(at)) : null
    if (!set || !(await maySeeChunk(offices, actor, key, set.at)))
      return c.json({ error: 'there is no such chunk: open the workspace again' }, 404)
    const chunk = set.chunks.get(key) ?? noRows
    c.header('stands-at', String(set.at))
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
