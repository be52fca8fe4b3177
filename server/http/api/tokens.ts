import { Tokens } from '#shared/contracts/token.ts'
import { can } from '#shared/domain/access.ts'
import type { Store } from '../../store/store.ts'
import { type Api, serve } from './route.ts'

/** Which tokens there are; made and revoked by commands. */
export function serveTokens(api: Api, { store }: { store: Store }): void {
  serve(
    api,
    {
      method: 'get',
      path: '/tokens',
      tag: 'me',
      summary: 'One’s own tokens, newest first; for admins those of the whole office.',
      answer: Tokens,
    },
    async (c) => {
      const actor = c.get('actor')
      const all = await store.all(actor.officeId, 'token')
      const shown = can(actor, 'office.manage') ? all : all.filter(({ memberId }) => memberId === actor.memberId)
      return c.json({ tokens: shown.sort((a, b) => b.madeAt - a.madeAt) })
    },
  )
}
