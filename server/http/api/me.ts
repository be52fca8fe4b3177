import { z } from 'zod'
import { Id } from '#shared/contracts/ids.ts'
import { ChangePassword, EndSession, SecurityEvents, Sessions, SessionsEnded } from '#shared/contracts/join.ts'
import { type Api, describe } from './route.ts'

/** Into the document: one's own sessions and password, served by `createMe`. */
export function describeMe(api: Api): void {
  const me = { tag: 'me' } as const
  describe(api, { ...me, method: 'get', path: '/me/sessions', summary: 'One’s own open sessions, newest first.', answer: Sessions })
  describe(api, {
    ...me,
    method: 'post',
    path: '/me/sessions/end',
    scope: 'none',
    summary: 'Ends one of one’s own sessions.',
    body: EndSession,
    answer: SessionsEnded,
    refusals: [404],
  })
  describe(api, {
    ...me,
    method: 'post',
    path: '/me/sign-out-everywhere',
    scope: 'none',
    summary: 'Ends all of one’s own sessions.',
    answer: SessionsEnded,
  })
  describe(api, {
    ...me,
    method: 'post',
    path: '/me/password',
    scope: 'none',
    summary: 'Changes one’s own password; all other sessions end.',
    body: ChangePassword,
    answer: SessionsEnded,
    refusals: [429],
  })
  describe(api, {
    ...me,
    method: 'get',
    path: '/members/{id}/security',
    summary: 'Who made links to set a member’s password, and when they were used; for the member and the admins.',
    params: z.object({ id: Id }),
    answer: SecurityEvents,
    refusals: [403, 404],
  })
}
