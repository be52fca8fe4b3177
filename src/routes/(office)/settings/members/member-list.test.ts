import { describe, expect, it } from 'vitest'
import { type Member, newMember } from '#shared/contracts/member.ts'
import { counts, listed, validUntil } from './member-list.ts'

const member = (name: string, more: Partial<Member> = {}): Member => ({
  ...newMember,
  id: `member${name.padEnd(12, '0')}`,
  name,
  email: `${name.toLowerCase()}@o.example`,
  role: 'adviser',
  divisionIds: [],
  language: 'en',
  state: 'active',
  colour: 0,
  ...more,
})
const names = (members: Member[]) => members.map(({ name }) => name)
const office = [member('Zoë'), member('Åse', { state: 'deactivated' }), member('Émile'), member('Bo', { state: 'invited' })]

describe('the list of members', () => {
  it('stands by name in the reader’s order, who is deactivated after the others', () => {
    expect(names(listed(office, '', 'all', 'fr'))).toEqual(['Bo', 'Émile', 'Zoë', 'Åse'])
  })

  it('is searched by what stands in name and address, without marks', () => {
    expect(names(listed(office, 'emi', 'all', 'en'))).toEqual(['Émile'])
    expect(names(listed(office, 'zoe bo', 'all', 'en'))).toEqual([])
    expect(names(listed(office, 'bo@', 'all', 'en'))).toEqual(['Bo'])
  })

  it('shows one state alone, and counts each', () => {
    expect(names(listed(office, '', 'invited', 'en'))).toEqual(['Bo'])
    expect(counts(office)).toEqual({ all: 4, active: 2, invited: 1, deactivated: 1 })
  })
})

it('a link of the past is none', () => {
  expect(validUntil({ invitedUntil: 100 }, 99)).toBe(100)
  expect(validUntil({ invitedUntil: 100 }, 100)).toBeNull()
  expect(validUntil({ invitedUntil: null }, 0)).toBeNull()
})
