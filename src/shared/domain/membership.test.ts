import { describe, expect, it } from 'vitest'
import type { Link } from '#shared/contracts/link.ts'
import { type Member, type Role, roles } from '#shared/contracts/member.ts'
import { bringsEntry, isLastActiveAdmin, linkState } from './membership.ts'

const person = (id: string, role: Role, state: Member['state'] = 'active') => ({ id, role, state })

describe('the last active admin', () => {
  it.each([
    ['alone', [person('ana', 'admin')], true],
    ['beside an active one', [person('ana', 'admin'), person('bo', 'admin')], false],
    ['beside one who is only invited', [person('ana', 'admin'), person('bo', 'admin', 'invited')], true],
    ['beside one who is deactivated', [person('ana', 'admin'), person('bo', 'admin', 'deactivated')], true],
    ['beside people of every other role', [person('ana', 'admin'), ...roles.slice(1).map((role) => person(role, role))], true],
    ['where it is another one', [person('ana', 'manager'), person('bo', 'admin')], false],
    ['where oneself is an admin who is only invited', [person('ana', 'admin', 'invited'), person('bo', 'admin')], false],
    ['where there is none at all', [person('ana', 'viewer')], false],
  ])('%s', (_, members, isLast) => {
    expect(isLastActiveAdmin(members, 'ana')).toBe(isLast)
  })
})

it('admins, managers and advisers are in the owner directory from the start, clerks and viewers are not', () => {
  expect(roles.filter(bringsEntry)).toEqual(['admin', 'manager', 'adviser'])
})

describe('a link', () => {
  const link: Link = { id: 'link', memberId: 'ana', purpose: 'invitation', madeBy: 'bo', expiresAt: 1_000, usedAt: null, stoppedAt: null }
  const reset: Link = { ...link, purpose: 'reset' }

  it.each([
    ['can be taken up until its last millisecond', link, 'invited', 999, null],
    ['is expired from its time on', link, 'invited', 1_000, { state: 'expired', at: 1_000 }],
    ['that was used says so, also later', { ...link, usedAt: 500 }, 'active', 2_000, { state: 'used', at: 500 }],
    ['that was stopped says so', { ...link, stoppedAt: 600 }, 'invited', 700, { state: 'stopped', at: 600 }],
    ['does nothing for who is deactivated', link, 'deactivated', 1, { state: 'stopped', at: null }],
    ['does nothing for who is here already', link, 'active', 1, { state: 'stopped', at: null }],
    ['of another purpose is none', reset, 'invited', 1, { state: 'unknown', at: null }],
  ] as const)('%s', (_, given, state, now, expected) => {
    expect(linkState(given, 'invitation', { state }, now)).toEqual(expected)
  })

  it('that was never made is unknown, and one of somebody who is gone is stopped', () => {
    expect(linkState(null, 'invitation', null, 1)).toEqual({ state: 'unknown', at: null })
    expect(linkState(link, 'invitation', null, 1)).toEqual({ state: 'stopped', at: null })
  })

  it('to set a new password is for who is active', () => {
    expect(linkState(reset, 'reset', { state: 'active' }, 1)).toBeNull()
    expect(linkState(reset, 'reset', { state: 'invited' }, 1)).toEqual({ state: 'stopped', at: null })
  })
})
