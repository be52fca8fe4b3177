import { describe, expect, it } from 'vitest'
import type { Access } from '../contracts/dossier.ts'
import { type Role, roles } from '../contracts/member.ts'
import { type Frame, SeesWhat } from '../contracts/office.ts'
import { type Actor, actorOf, can, type ClientAction, type DossierAction, maySee, type OfficeAction, tokenScopes } from './access.ts'
import { frameOf, member, withSettings } from './small-office.fixture.ts'

/** Dossiers as they lie to one member, `me`: their division is north, their entry of the directory `owner-me`. */
const dossiers = {
  'mine here': access('north', 'owner-me'),
  'theirs here': access('north', 'owner-bo'),
  'unowned here': access('north', null),
  'mine elsewhere': access('south', 'owner-me'),
  'theirs elsewhere': access('south', 'owner-bo'),
  'unowned elsewhere': access('south', null),
  'mine, no division': access(null, 'owner-me'),
  'theirs, no division': access(null, 'owner-bo'),
  'unowned, no division': access(null, null),
  'theirs elsewhere, I am a reader': access('south', 'owner-bo', ['me']),
} satisfies Record<string, Access>
type Lie = keyof typeof dossiers

function access(divisionId: string | null, ownerId: string | null, readerIds: string[] = []): Access {
  return { divisionId, ownerId, readerIds }
}

const all = Object.keys(dossiers) as Lie[]
const none: Lie[] = []
const mine: Lie[] = ['mine here', 'mine elsewhere', 'mine, no division']
const unowned: Lie[] = ['unowned here', 'unowned elsewhere', 'unowned, no division']
const ownDivisions: Lie[] = ['mine here', 'theirs here', 'unowned here']
const noDivisionSet: Lie[] = ['mine, no division', 'theirs, no division', 'unowned, no division']

/** With "who sees what" on *own*: one's divisions, what one owns, and what one was added to as a reader (S0.7). */
const visibleAsOwn: Lie[] = [...ownDivisions, ...mine, 'theirs elsewhere, I am a reader']

type Row = Record<Role, Lie[] | { on: Lie[]; off: Lie[] }>
const writers: Row = { admin: all, manager: all, adviser: all, clerk: all, viewer: none }

/** "Who may do what", of what a member may see; `on` and `off`: with and without divisions. */
const removers: Row = { admin: all, manager: [...ownDivisions, ...noDivisionSet], adviser: mine, clerk: none, viewer: none }
const table: Record<DossierAction | ClientAction, Row> = {
  'dossier.read': { ...writers, viewer: all },
  'dossier.edit': writers,
  'dossier.moveStage': writers,
  'dossier.abandon': writers,
  'note.write': writers,
  'dossier.comment': writers,
  'dossier.changeOwner': {
    admin: all,
    manager: { on: [...ownDivisions, ...noDivisionSet], off: all },
    adviser: [...mine, ...unowned],
    clerk: unowned,
    viewer: none,
  },
  'dossier.resume': removers,
  'dossier.delete': removers,
  'dossier.number': { admin: all, manager: all, adviser: none, clerk: none, viewer: none },
  'client.edit': writers,
  'client.delete': removers,
  'client.anonymise': removers,
}

const officeTable: Record<OfficeAction, Role[]> = {
  'dossier.create': ['admin', 'manager', 'adviser', 'clerk'],
  'client.create': ['admin', 'manager', 'adviser', 'clerk'],
  'dossier.export': ['admin', 'manager'],
  'office.import': ['admin'],
  'office.manage': ['admin'],
  'link.make': ['admin'],
  'token.make': ['admin', 'manager', 'adviser', 'clerk', 'viewer'],
}

function actor(role: Role, settings: Partial<Frame['office']> = {}): Actor {
  const found = actorOf(withSettings(frameOf(member('me', role, ['north']), member('bo', 'adviser', ['south'])), settings), 'me')
  if (!found) throw new Error('an active member is an actor')
  return found
}

const cases = Object.entries(table).flatMap(([action, row]) =>
  roles.flatMap((role) =>
    [true, false].map((divisionsOn) => [action as DossierAction | ClientAction, role, divisionsOn, row[role]] as const),
  ),
)

describe.each(SeesWhat.options)('who may do what, when "who sees what" is %s', (seesWhat) => {
  it.each(cases)('%s as %s, divisions on: %s', (action, role, divisionsOn, cell) => {
    const me = actor(role, { seesWhat, divisionsOn })
    const allowed = Array.isArray(cell) ? cell : divisionsOn ? cell.on : cell.off
    const visible = seesWhat === 'everyone' || role === 'admin' ? all : visibleAsOwn
    const expected = all.filter((lie) => allowed.includes(lie) && visible.includes(lie))
    expect(all.filter((lie) => can(me, action, dossiers[lie]))).toEqual(expected)
  })

  it.each(Object.entries(officeTable))('%s is for the roles the table names', (action, allowed) => {
    expect(roles.filter((role) => can(actor(role, { seesWhat }), action as OfficeAction))).toEqual(allowed)
  })
})

describe('what one may see', () => {
  it('S0.7 a reader sees the dossier, and gets no other right by it', () => {
    const me = actor('adviser', { seesWhat: 'own' })
    expect(maySee(me, dossiers['theirs elsewhere'])).toBe(false)
    expect(maySee(me, dossiers['theirs elsewhere, I am a reader'])).toBe(true)
    expect(can(me, 'dossier.changeOwner', dossiers['theirs elsewhere, I am a reader'])).toBe(false)
  })

  it('an admin sees all whatever the setting', () => {
    const admin = actor('admin', { seesWhat: 'own' })
    expect(all.every((lie) => maySee(admin, dossiers[lie]))).toBe(true)
  })

  it('L2 a dossier that moves to another division and owner is seen no longer', () => {
    const me = actor('manager', { seesWhat: 'own' })
    expect(maySee(me, access('north', 'owner-bo'))).toBe(true)
    expect(maySee(me, access('south', 'owner-bo'))).toBe(false)
  })

  it('what nobody owns in no division is seen by admins only, when each sees their own', () => {
    const seeing = roles.filter((role) => maySee(actor(role, { seesWhat: 'own' }), dossiers['unowned, no division']))
    expect(seeing).toEqual(['admin'])
  })
})

describe('who acts', () => {
  const frame = frameOf(
    member('me', 'adviser', ['north']),
    member('invited', 'admin', [], 'invited'),
    member('gone', 'admin', [], 'deactivated'),
  )

  it('only an active member does', () => {
    expect(actorOf(frame, 'me')).toEqual({
      officeId: 'office',
      memberId: 'me',
      role: 'adviser',
      divisionIds: ['north'],
      ownerIds: ['owner-me'],
      seesAll: true,
      divisionsOn: true,
    })
    expect(['invited', 'gone', 'nobody'].map((id) => actorOf(frame, id))).toEqual([null, null, null])
  })

  it('a manual entry of the directory is nobody', () => {
    expect(frame.owners.some((owner) => owner.memberId === null)).toBe(true)
    expect(actorOf(frame, 'me')?.ownerIds).not.toContain('owner-manual')
  })

  it('a member without an entry owns nothing', () => {
    const me = actorOf({ ...frame, owners: [] }, 'me')
    expect(me && can(me, 'dossier.resume', access(null, null))).toBe(false)
    expect(me && can(me, 'dossier.resume', dossiers['mine here'])).toBe(false)
  })
})

describe('by a token', () => {
  const tokenActions = Object.keys(tokenScopes) as (keyof typeof tokenScopes)[]
  const access = { divisionId: 'north', ownerId: null, readerIds: [] }
  const may = (scope: 'read' | 'all' | null, action: keyof typeof tokenScopes) => {
    const me = { ...actor('admin'), ...(scope && { token: { name: 'script', scope } }) }
    return action in officeTable ? can(me, action as OfficeAction) : can(me, action as DossierAction, access)
  }

  it.each(tokenActions)('%s is never more than the member may, nor than the scope', (action) => {
    expect(may('read', action)).toBe(may(null, action) && tokenScopes[action] === 'read')
    expect(may('all', action)).toBe(may(null, action) && tokenScopes[action] !== 'none')
  })

  it('to read reads and exports; no token makes tokens or links', () => {
    expect(tokenActions.filter((action) => may('read', action))).toEqual(['dossier.read', 'dossier.export'])
    expect(tokenActions.filter((action) => !may('all', action))).toEqual(['link.make', 'token.make'])
  })
})
