import { z } from 'zod'
import { Invitation, Join, Joined, LookAtLink, PasswordReset, PasswordWasSet, ResetPassword } from '#shared/contracts/join.ts'
import { CreateOffice } from '#shared/contracts/office.ts'
import { type Api, describe } from './route.ts'

const SessionState = z.strictObject({ signedIn: z.boolean(), setupNeeded: z.boolean() })

/** Into the document: what is served to who is not signed in, by `createDoors`. */
export function describeEntrance(api: Api): void {
  const door = { tag: 'entrance', isOpen: true } as const
  describe(api, { ...door, method: 'get', path: '/session', summary: 'Is somebody signed in, is there an office?', answer: SessionState })
  describe(api, {
    ...door,
    method: 'post',
    path: '/setup',
    summary: 'Creates the first office, by the code that the server printed; answers with a session.',
    body: CreateOffice,
    status: 201,
    answer: z.strictObject({ created: z.literal(true) }),
    refusals: [403],
  })
  const refusals = [404, 410, 429] as const
  describe(api, {
    ...door,
    method: 'post',
    path: '/join/look',
    summary: 'What an invitation is for; it is not used up.',
    body: LookAtLink,
    answer: Invitation,
    refusals,
  })
  describe(api, {
    ...door,
    method: 'post',
    path: '/join',
    summary: 'Takes up an invitation; answers with a session.',
    body: Join,
    status: 201,
    answer: Joined,
    refusals: [...refusals, 409],
  })
  describe(api, {
    ...door,
    method: 'post',
    path: '/reset/look',
    summary: 'Whose password a link sets; it is not used up.',
    body: LookAtLink,
    answer: PasswordReset,
    refusals,
  })
  describe(api, {
    ...door,
    method: 'post',
    path: '/reset',
    summary: 'Sets a new password by a link, ends all sessions, and answers with a new one.',
    body: ResetPassword,
    answer: PasswordWasSet,
    refusals,
  })
}
