import { z } from 'zod'
import { AskCopyKey, AskStanding, HandedCopyKey, Standing } from '#shared/contracts/copies.ts'
import { Id } from '#shared/contracts/ids.ts'
import type { Refusal } from '#shared/contracts/refusals.ts'
import type { CopyKeys } from '../../copies/copy-keys.ts'
import { refused } from './answers.ts'
import { type Api, describe, serve } from './route.ts'

const unknown: Refusal = { code: 'notFound', what: 'dossier' }

/** The key under which a browser keeps its copy of a dossier; whether it still stands is asked at a door of its own. */
export function serveCopies(api: Api, { copies }: { copies: CopyKeys }): void {
  serve(
    api,
    {
      method: 'post',
      path: '/dossiers/{id}/copy',
      // it hangs on the session, and ends with it
      scope: 'none',
      tag: 'dossiers',
      summary: 'The key under which this browser keeps its copy of the dossier.',
      params: z.object({ id: Id }),
      unknown,
      body: AskCopyKey,
      answer: HandedCopyKey,
    },
    async (c, { params: { id }, body: { device } }) => {
      const actor = c.get('actor')
      const key = await copies.handOut(actor, c.get('sessionKey'), device, id)
      if (!key) return refused(c, unknown)
      const secret = Buffer.from(key.secret).toString('base64')
      return c.json({ officeId: actor.officeId, memberId: actor.memberId, id: key.id, secret } satisfies HandedCopyKey)
    },
  )
  describe(api, {
    tag: 'entrance',
    isOpen: true,
    method: 'post',
    path: '/copies/standing',
    summary: 'Which keys of a browser’s copies still stand; what lies under the others is to be erased.',
    body: AskStanding,
    answer: Standing,
  })
}
