import { z } from 'zod'
import { Id } from './ids.ts'
import type { Language } from './language.ts'

export const roles = ['admin', 'manager', 'adviser', 'clerk', 'viewer'] as const
export const Role = z.enum(roles)
export type Role = z.infer<typeof Role>

/** A person of the office who can sign in once an account is linked (`accountId`); imported members wait for their invitation. */
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
}

export const ChangeRole = z.strictObject({ type: z.literal('member.changeRole'), memberId: Id, role: Role })
export type ChangeRole = z.infer<typeof ChangeRole>

export const ChangeDivisions = z.strictObject({
  type: z.literal('member.changeDivisions'),
  memberId: Id,
  divisionIds: z.array(Id).max(100),
})
export type ChangeDivisions = z.infer<typeof ChangeDivisions>

export type MemberFields = Pick<Member, 'role' | 'divisionIds' | 'state'>

/** A member's role or divisions changed: their reach is different from this number on. */
export interface MemberChanged {
  type: 'member.changed'
  memberId: Id
  fields: { [F in keyof MemberFields]?: [before: MemberFields[F], after: MemberFields[F]] }
}
