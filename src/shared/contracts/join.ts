import { z } from 'zod'
import { Id, Instant } from './ids.ts'
import { Language } from './language.ts'
import { LinkCode } from './link.ts'
import { PersonName } from './person-name.ts'

/** Why a link does nothing (any more). */
export const LinkState = z.enum(['unknown', 'used', 'expired', 'stopped'])
export type LinkState = z.infer<typeof LinkState>

/** A password as it is typed; how good it must be is judged afterwards (`weakPassword`). */
export const Password = z.string().max(1000)
export const leastPassword = 10
export const mostPassword = 200

/* ---- before a sign-in: by a link ---- */

/** `POST /api/v1/join/look` and `/api/v1/reset/look`: what a link is for. It is not used up. */
export const LookAtLink = z.strictObject({ officeId: Id, code: LinkCode })
export type LookAtLink = z.infer<typeof LookAtLink>

/** `POST /api/v1/join`: takes up an invitation; answered with 201 and a session. */
export const Join = z.strictObject({ officeId: Id, code: LinkCode, name: PersonName, password: Password, language: Language })
export type Join = z.infer<typeof Join>

/** `POST /api/v1/reset`: sets a new password, which ends all sessions; answered with a new one. */
export const ResetPassword = z.strictObject({ officeId: Id, code: LinkCode, password: Password })
export type ResetPassword = z.infer<typeof ResetPassword>

/** What the page behind an invitation shows. `invitedBy`: a name; null: made on the command line. */
export const Invitation = z.object({
  officeName: z.string(),
  name: z.string(),
  email: z.string(),
  language: Language,
  expiresAt: Instant,
  invitedBy: z.string().nullable(),
})
export type Invitation = z.infer<typeof Invitation>

export const PasswordReset = z.object({ officeName: z.string(), name: z.string(), email: z.string(), expiresAt: Instant })
export type PasswordReset = z.infer<typeof PasswordReset>

export const Joined = z.object({ joined: z.literal(true) })
export const PasswordWasSet = z.object({ reset: z.literal(true) })

/* ---- signed in: one's own sessions and password ---- */

/** An open session of the member who asks. `device`: what the browser says of itself. */
export const Session = z.object({
  id: z.string(),
  isCurrent: z.boolean(),
  createdAt: Instant,
  /** Within some minutes. */
  lastUsedAt: Instant,
  device: z.string(),
})
export type Session = z.infer<typeof Session>

/** `GET /api/v1/me/sessions`: newest first. */
export const Sessions = z.object({ sessions: z.array(Session) })
export type Sessions = z.infer<typeof Sessions>

/** `POST /api/v1/me/sessions/end` */
export const EndSession = z.strictObject({ id: z.string().min(1).max(100) })

/** `POST /api/v1/me/password`: all other sessions end. */
export const ChangePassword = z.strictObject({ currentPassword: Password, newPassword: Password })
export type ChangePassword = z.infer<typeof ChangePassword>

/** How many sessions were ended. */
export const SessionsEnded = z.object({ ended: z.number().int() })

/** `GET /api/v1/members/:id/security`, for the member and the admins: newest first. `by`: a member's id. */
export const SecurityEvents = z.object({
  events: z.array(z.object({ type: z.enum(['member.resetLinkMade', 'member.passwordReset']), at: Instant, by: Id })),
})
export type SecurityEvents = z.infer<typeof SecurityEvents>
