import { randomBytes } from 'node:crypto'
import type { Answer } from '#shared/contracts/commands.ts'
import type { Id } from '#shared/contracts/ids.ts'
import { linkCodeOf, linkIdOf } from '#shared/contracts/link.ts'
import type { InviteMember, Role } from '#shared/contracts/member.ts'
import { newId } from '../../server/new-id.ts'
import { cookieOf, type Screen, signedIn, type SignedIn } from './member.ts'

/** A new code, as a screen makes it. */
export const newCode = () => linkCodeOf(randomBytes(16))

/** Somebody invited, with the code that only the admin's screen has. */
export interface Invited {
  memberId: Id
  code: string
  email: string
  answer: Answer
}

let invitations = 0

export async function invite(admin: Screen, role: Role, wanted: Partial<InviteMember> = {}): Promise<Invited> {
  const code = newCode()
  const email = `newcomer${++invitations}@office.example`
  const command: InviteMember = {
    type: 'member.invite',
    memberId: newId(),
    email,
    name: `Newcomer ${invitations}`,
    role,
    divisionIds: [],
    language: 'en',
    linkId: linkIdOf(code),
    ...wanted,
  }
  return { memberId: command.memberId, code, email: command.email, answer: await admin.send(command) }
}

/** A request without a session. */
export function post(url: string, path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url + path, {
    method: 'POST',
    headers: { origin: url, 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
}

export const goodPassword = 'seven herrings on a roof'

/** Takes up an invitation, and is signed in. */
export async function joined(url: string, officeId: Id, { code }: Pick<Invited, 'code'>, name = 'Newcomer'): Promise<SignedIn> {
  const response = await post(url, '/api/v1/join', { officeId, code, name, password: goodPassword, language: 'en' })
  if (response.status !== 201) throw new Error(`joining failed: ${response.status} ${await response.text()}`)
  return signedIn(url, cookieOf(response))
}

/** The status, and the refusal of an answer. */
export async function refusalOf(response: Response | Promise<Response>): Promise<{ status: number; refusal: unknown }> {
  const answer = await response
  return { status: answer.status, refusal: ((await answer.json()) as { refusal: unknown }).refusal }
}
