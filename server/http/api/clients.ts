import { z } from 'zod'
import { ClientAnswer, ClientHitsAnswer, ClientsAnswer } from '#shared/contracts/answers/dossier.ts'
import { Id } from '#shared/contracts/ids.ts'
import type { Refusal } from '#shared/contracts/refusals.ts'
import { clientsAfter, findClients, maySeeClient } from '../../queries/clients.ts'
import type { Store } from '../../store/store.ts'
import { refused } from './answers.ts'
import { type Api, serve } from './route.ts'

const Search = z.object({
  search: z.string().max(200).default('').describe('Words that begin words of names or reference; none: all.'),
  limit: z.number().int().min(1).max(100).default(20),
})
const Page = z.object({
  after: Id.optional().describe('`next` of the page before; absent: from the first.'),
  limit: z.coerce.number<string>().int().min(1).max(200).default(100),
})
const unknown: Refusal = { code: 'notFound', what: 'client' }

/** Clients that the member may see. */
export function serveClients(api: Api, { store }: { store: Store }): void {
  serve(
    api,
    {
      method: 'get',
      path: '/clients',
      tag: 'clients',
      summary: 'Clients in the order of their ids, a page at a time.',
      description: 'A page looks at `limit` clients and holds those that the member may see: fewer, or none, are not the end.',
      query: Page,
      answer: ClientsAnswer,
    },
    async (c, { query }) => c.json(await clientsAfter(store, c.get('actor'), query.after ?? null, query.limit)),
  )
  serve(
    api,
    {
      method: 'get',
      path: '/clients/{id}',
      tag: 'clients',
      summary: 'A client’s data.',
      params: z.object({ id: Id }),
      unknown,
      answer: ClientAnswer,
    },
    async (c, { params: { id } }) => {
      const actor = c.get('actor')
      const client = await store.get(actor.officeId, 'client', id)
      return client && (await maySeeClient(store, actor, client)) ? c.json(client) : refused(c, unknown)
    },
  )
  // searched words are names, which do not belong into addresses: they come in the body
  serve(
    api,
    {
      method: 'post',
      scope: 'read',
      path: '/clients/search',
      tag: 'clients',
      summary: 'Clients by words of their names or reference, by name.',
      body: Search,
      answer: ClientHitsAnswer,
    },
    async (c, { body }) => c.json({ clients: await findClients(store, c.get('actor'), body.search, body.limit) }),
  )
}
