import { describe, expect, it } from 'vitest'
import type { Frame } from '#shared/contracts/office.ts'
import { newMember, type Member } from '#shared/contracts/member.ts'
import { adminNames, candidates, changeOf, matching, outcome, presentOwnerMissing } from './candidates.ts'

function member(id: string, name: string, divisionIds: string[], role: Member['role'] = 'adviser'): Member {
  return { id, name, email: `${id}@office.example`, role, divisionIds, language: 'en', ...newMember, state: 'active', colour: 0 }
}

const frame: Frame = {
  office: { id: 'o', name: 'Office', language: 'en', currency: 'EUR', timeZone: 'UTC', divisionsOn: true, seesWhat: 'everyone' },
  members: [
    member('ana', 'Ana', ['lyon']),
    member('bo', 'Bo', ['lyon', 'koln']),
    member('zoe', 'Zoë', ['koln']),
    member('ada', 'Ada', [], 'admin'),
  ],
  owners: [
    { id: 'o-zoe', name: 'Zoë', memberId: 'zoe', divisionIds: [] },
    { id: 'o-ana', name: 'Ana', memberId: 'ana', divisionIds: [] },
    { id: 'o-bo', name: 'Bo', memberId: 'bo', divisionIds: [] },
    { id: 'o-agency', name: 'Agency', memberId: null, divisionIds: ['lyon'] },
  ],
  divisions: [
    { id: 'lyon', name: 'Lyon' },
    { id: 'koln', name: 'Köln' },
  ],
  stages: [],
}
const present = { ownerId: 'o-ana', divisionId: 'lyon' }

describe('the owner dialog', () => {
  it('S0.3 offers owners of the chosen division, and S0.6 keeps everybody else in sight, after them', () => {
    const listed = candidates(frame, present, 'lyon').map((c) => [c.owner.name, c.mayReceive])
    expect(listed).toEqual([
      ['Agency', true],
      ['Bo', true],
      ['Zoë', false],
    ])
  })

  it('S0.8 with divisions off anybody may receive', () => {
    const off = { ...frame, office: { ...frame.office, divisionsOn: false } }
    expect(candidates(off, present, 'lyon').every((c) => c.mayReceive)).toBe(true)
  })

  it('finds a person by name or by division, accents folded', () => {
    const all = candidates(frame, present, 'lyon')
    expect(matching(all, 'zoe').map((c) => c.owner.name)).toEqual(['Zoë'])
    expect(matching(all, 'koln').map((c) => c.owner.name)).toEqual(['Bo', 'Zoë'])
    expect(matching(all, 'bo lyon').map((c) => c.owner.name)).toEqual(['Bo'])
  })

  it('S0.6 tells "no owner" from "leave as it is"', () => {
    expect(changeOf(present, { ownerId: undefined, divisionId: undefined })).toBeNull()
    expect(changeOf(present, { ownerId: null, divisionId: undefined })).toEqual({ ownerId: null })
    expect(outcome(present, { ownerId: null, divisionId: undefined })).toEqual({ ownerId: null, divisionId: 'lyon' })
  })

  it('sends nothing for what is chosen as it already is', () => {
    expect(changeOf(present, { ownerId: 'o-ana', divisionId: 'lyon' })).toBeNull()
    expect(changeOf(present, { ownerId: 'o-bo', divisionId: 'lyon' })).toEqual({ ownerId: 'o-bo' })
  })

  it('S0.3 says before sending that the present owner is not in the chosen division', () => {
    expect(presentOwnerMissing(frame, present, 'koln')?.name).toBe('Ana')
    expect(presentOwnerMissing(frame, present, 'lyon')).toBeNull()
    expect(presentOwnerMissing(frame, present, null)).toBeNull()
    expect(presentOwnerMissing(frame, { ownerId: null, divisionId: null }, 'koln')).toBeNull()
  })

  it('S1.5 names the admins', () => {
    expect(adminNames(frame)).toEqual(['Ada'])
  })
})
