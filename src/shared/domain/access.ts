import type { Access } from '../contracts/dossier.ts'
import type { Id } from '../contracts/ids.ts'
import type { Role } from '../contracts/member.ts'
import type { Frame } from '../contracts/office.ts'
import type { Token, TokenScope } from '../contracts/token.ts'

/** Who asks: a member with what decides their rights, taken from the frame at one moment. */
export interface Actor {
  officeId: Id
  memberId: Id
  role: Role
  divisionIds: readonly Id[]
  /** Directory entries that are this member. */
  ownerIds: readonly Id[]
  seesAll: boolean
  divisionsOn: boolean
  /** They act by this token, which reaches no further than its scope. */
  token?: Pick<Token, 'name' | 'scope'>
}

export type DossierAction =
  | 'dossier.read'
  | 'dossier.edit'
  | 'dossier.moveStage'
  | 'dossier.abandon'
  | 'note.write'
  | 'dossier.comment'
  | 'dossier.changeOwner'
  | 'dossier.resume'
  | 'dossier.delete'
  | 'dossier.number'
/** Of a client, by the client's own access; a client is visible also by any of its dossiers. */
export type ClientAction = 'client.edit' | 'client.delete' | 'client.anonymise'
export type OfficeAction =
  'dossier.create' | 'client.create' | 'dossier.export' | 'office.import' | 'office.manage' | 'link.make' | 'token.make'
export type Action = DossierAction | ClientAction | OfficeAction

/** How far a right reaches, of what a member may see at all. */
type Scope =
  'all' | 'own divisions, none set, or divisions off' | 'own divisions or none set' | 'owned or unowned' | 'owned' | 'unowned' | 'none'

const everyone = { admin: 'all', manager: 'all', adviser: 'all', clerk: 'all', viewer: 'all' } as const
const writers = { ...everyone, viewer: 'none' } as const
const managers = { admin: 'all', manager: 'all', adviser: 'none', clerk: 'none', viewer: 'none' } as const
const removers = { admin: 'all', manager: 'own divisions or none set', adviser: 'owned', clerk: 'none', viewer: 'none' } as const
const adminsOnly = { admin: 'all', manager: 'none', adviser: 'none', clerk: 'none', viewer: 'none' } as const

/** "Who may do what", as data: a row an action, a column a role. */
export const rights: Record<Action, Record<Role, Scope>> = {
  'dossier.read': everyone,
  'dossier.create': writers,
  'client.create': writers,
  'dossier.edit': writers,
  'dossier.moveStage': writers,
  'dossier.abandon': writers,
  'note.write': writers,
  'dossier.comment': writers,
  'dossier.changeOwner': {
    admin: 'all',
    manager: 'own divisions, none set, or divisions off',
    adviser: 'owned or unowned',
    clerk: 'unowned',
    viewer: 'none',
  },
  'dossier.resume': removers,
  'dossier.delete': removers,
  'client.edit': writers,
  'client.delete': removers,
  'client.anonymise': removers,
  'dossier.number': managers,
  'dossier.export': managers,
  'office.import': adminsOnly,
  'office.manage': adminsOnly,
  'link.make': adminsOnly,
  'token.make': everyone,
}

/**
 * The scope that a token needs for an action; `none`: by no token. A token makes no tokens, and no links by which one is signed in: they
 * would outlive it.
 */
export const tokenScopes: Record<Action, TokenScope | 'none'> = {
  'dossier.read': 'read',
  'dossier.export': 'read',
  'dossier.create': 'all',
  'client.create': 'all',
  'dossier.edit': 'all',
  'dossier.moveStage': 'all',
  'dossier.abandon': 'all',
  'note.write': 'all',
  'dossier.comment': 'all',
  'dossier.changeOwner': 'all',
  'dossier.resume': 'all',
  'dossier.delete': 'all',
  'client.edit': 'all',
  'client.delete': 'all',
  'client.anonymise': 'all',
  'dossier.number': 'all',
  'office.manage': 'all',
  'link.make': 'none',
  'office.import': 'all',
  'token.make': 'none',
}

/** The actor a member is now; null when the member cannot act (unknown, invited, deactivated). */
export function actorOf(frame: Frame, memberId: Id): Actor | null {
  const member = frame.members.find((m) => m.id === memberId)
  if (!member || member.state !== 'active') return null
  return {
    officeId: frame.office.id,
    memberId,
    role: member.role,
    divisionIds: member.divisionIds,
    ownerIds: frame.owners.filter((o) => o.memberId === memberId).map((o) => o.id),
    seesAll: member.role === 'admin' || frame.office.seesWhat === 'everyone',
    divisionsOn: frame.office.divisionsOn,
  }
}

/** May this actor see what has this access? Admins all; else by the office's setting: all, or own (S0.7 readers included). */
export function maySee(actor: Actor, { divisionId, ownerId, readerIds }: Access): boolean {
  return (
    actor.seesAll ||
    (divisionId !== null && actor.divisionIds.includes(divisionId)) ||
    (ownerId !== null && actor.ownerIds.includes(ownerId)) ||
    readerIds.includes(actor.memberId)
  )
}

/**
 * The one rule for button, API, socket and note: may this actor do this, to this dossier?
 * Rights count only of what the member may see. Actions on no dossier in particular leave `access` out.
 */
export function can(actor: Actor, action: OfficeAction): boolean
export function can(actor: Actor, action: DossierAction | ClientAction, access: Access): boolean
export function can(actor: Actor, action: Action, access?: Access): boolean {
  if (actor.token && !tokenReaches(actor.token.scope, action)) return false
  const scope = rights[action][actor.role]
  if (!access) return scope === 'all'
  return maySee(actor, access) && reaches(scope, actor, access)
}

function tokenReaches(scope: TokenScope, action: Action): boolean {
  const needed = tokenScopes[action]
  return needed === 'read' || (needed === 'all' && scope === 'all')
}

function reaches(scope: Scope, actor: Actor, { divisionId, ownerId }: Access): boolean {
  const owned = ownerId !== null && actor.ownerIds.includes(ownerId)
  const inOwnOrNone = divisionId === null || actor.divisionIds.includes(divisionId)
  switch (scope) {
    case 'all':
      return true
    case 'own divisions, none set, or divisions off':
      return !actor.divisionsOn || inOwnOrNone
    case 'own divisions or none set':
      return inOwnOrNone
    case 'owned':
      return owned
    case 'unowned':
      return ownerId === null
    case 'owned or unowned':
      return owned || ownerId === null
    case 'none':
      return false
  }
}
