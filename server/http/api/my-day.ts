import { MyDayAnswer, SeenAnswer } from '#shared/contracts/answers/my-day.ts'
import { MarkSeen } from '#shared/contracts/my-day.ts'
import type { Visits } from '../../gateway/visits.ts'
import { changesSince } from '../../queries/my-day.ts'
import type { Offices } from '../../queries/offices.ts'
import type { Store } from '../../store/store.ts'
import { type Api, serve } from './route.ts'

interface MyDayOptions {
  store: Store
  offices: Offices
  visits: Pick<Visits, 'seen'>
}

/** What changed since the member was last here. */
export function serveMyDay(api: Api, { store, offices, visits }: MyDayOptions): void {
  serve(
    api,
    {
      method: 'get',
      path: '/my-day',
      tag: 'me',
      summary: 'What others did to one’s own dossiers since one was last here, by dossier, newest first.',
      description:
        'Of dossiers that one owns, owned, or reads. One was here until one’s last screen was closed, or until what was marked as seen.',
      answer: MyDayAnswer,
    },
    async (c) => c.json(await changesSince(store, offices, c.get('actor'))),
  )
  serve(
    api,
    {
      method: 'post',
      path: '/my-day/seen',
      tag: 'me',
      summary: 'Marks everything up to a number as seen.',
      body: MarkSeen,
      answer: SeenAnswer,
    },
    async (c, { body }) => {
      const { officeId, memberId } = c.get('actor')
      await visits.seen(officeId, memberId, body.n)
      return c.json({ n: body.n })
    },
  )
}
