import { z } from 'zod'
import { Id, Instant } from './ids.ts'
import { Language } from './language.ts'
import { LinkId } from './link.ts'
import type { Owner } from './owner.ts'
import { PersonName } from './person-name.ts'

export const roles = ['admin', 'manager', 'adviser', 'clerk', 'viewer'] as const
export const Role = z.enum(roles)
export type Role = z.infer<typeof Role>

export const Theme = z.enum(['system', 'light', 'dark'])
export type Theme = z.infer<typeof Theme>
export const Density = z.enum(['compact', 'comfortable'])
export type Density = z.infer<typeof Density>

/** An e-mail address as it is kept and compared: trimmed, lower case. */
export const Email = z.string().trim().toLowerCase().max(200).pipe(z.email())

/** A person of the office who can sign in once an account is linked (`accountId`); until they take up their link they are invited. */
export interface Member {
  id: Id
  name: string
  email: string
  role: Role
  divisionIds: Id[]
  language: Language
  state: 'invited' | 'active' | 'deactivated'
  /** 0 to 5: index into the six person colours; given in order within divisions, so that those who work together differ. */
  colour: number
  theme: Theme
  density: Density
  /** Until when the link of the invitation can be taken up; null: there is none (joined, or imported and not yet sent one). */
  invitedUntil: Instant | null
}

/** What a member who was just made has beyond what is asked for. */
export const newMember = { state: 'invited', theme: 'system', density: 'compact', invitedUntil: null } as const

/* ---- commands ---- */

/** The sender makes the code and keeps it: only its hash (`linkIdOf`) travels in a command, so no code is ever stored. */
export const InviteMember = z.strictObject({
  type: z.literal('member.invite'),
  memberId: Id,
  email: Email,
  name: PersonName,
  role: Role,
  divisionIds: z.array(Id).max(100),
  language: Language,
  linkId: LinkId,
})
export type InviteMember = z.infer<typeof InviteMember>

/** A new link for who has not joined yet; the one before stops at once. */
export const RenewInvitation = z.strictObject({ type: z.literal('member.renewInvitation'), memberId: Id, linkId: LinkId })
export type RenewInvitation = z.infer<typeof RenewInvitation>

/** A link by which a member sets a new password, for 1 hour. Shown to the member and the admins. */
export const MakeResetLink = z.strictObject({ type: z.literal('member.makeResetLink'), memberId: Id, linkId: LinkId })
export type MakeResetLink = z.infer<typeof MakeResetLink>

export const ChangeRole = z.strictObject({ type: z.literal('member.changeRole'), memberId: Id, role: Role })
export type ChangeRole = z.infer<typeof ChangeRole>

export const ChangeDivisions = z.strictObject({
  type: z.literal('member.changeDivisions'),
  memberId: Id,
  divisionIds: z.array(Id).max(100),
})
export type ChangeDivisions = z.infer<typeof ChangeDivisions>

/** One tick of people × divisions: two admins who tick at once do not undo each other. */
export const LinkDivision = z.strictObject({ type: z.literal('member.linkDivision'), memberId: Id, divisionId: Id, linked: z.boolean() })
export type LinkDivision = z.infer<typeof LinkDivision>

/** Signed out everywhere and let in no more; or let in again. */
export const ChangeState = z.strictObject({ type: z.literal('member.changeState'), memberId: Id, state: z.enum(['active', 'deactivated']) })
export type ChangeState = z.infer<typeof ChangeState>

/** One's own profile; fields left out stay as they are. */
export const EditProfile = z.strictObject({
  type: z.literal('member.editProfile'),
  name: PersonName.optional(),
  language: Language.optional(),
  theme: Theme.optional(),
  density: Density.optional(),
})
export type EditProfile = z.infer<typeof EditProfile>

/* ---- events ---- */

export type MemberFields = Pick<Member, 'name' | 'role' | 'divisionIds' | 'language' | 'state' | 'theme' | 'density' | 'invitedUntil'>
export type MemberChanges = { [F in keyof MemberFields]?: [before: MemberFields[F], after: MemberFields[F]] }

/** Somebody was invited; `owner`: their entry of the directory, where the role brings one. */
export interface MemberInvited {
  type: 'member.invited'
  member: Member
  owner: Owner | null
}

/** Something of a member changed. Role, divisions and state move their reach from this number on. */
export interface MemberChanged {
  type: 'member.changed'
  memberId: Id
  fields: MemberChanges
  /** Their entry of the directory, where it is new or has another name. */
  owner?: Owner
}

/** For the member and the admins alone: somebody made a link to set a new password, or one was used. */
export interface MemberPasswordEvent {
  type: 'member.resetLinkMade' | 'member.passwordReset'
  memberId: Id
}
