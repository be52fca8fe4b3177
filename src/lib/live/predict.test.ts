import { describe, expect, it } from 'vitest'
import { type Member, newMember } from '#shared/contracts/member.ts'
import type { Frame } from '#shared/contracts/office.ts'
import { predictFrame } from './predict.ts'

const lyon = 'divisionLyon0001'
const koln = 'divisionKoln0001'
const member: Member = {
  ...newMember,
  id: 'memberAna00000001',
  name: 'Ana',
  email: 'ana@o.example',
  role: 'adviser',
  divisionIds: [lyon],
  language: 'en',
  state: 'active',
  colour: 0,
}
const frame: Frame = {
  office: { id: 'office00000000001', name: 'O', language: 'en', currency: 'EUR', timeZone: 'UTC', divisionsOn: true, seesWhat: 'everyone' },
  members: [member],
  owners: [],
  divisions: [],
  stages: [],
}
const memberId = member.id
const predicted = (command: Parameters<typeof predictFrame>[2]) => predictFrame(frame, memberId, command)

describe('what a command will have done to a member', () => {
  it('holds what it was and what it will be', () => {
    expect(predicted({ type: 'member.changeRole', memberId, role: 'clerk' })).toEqual({
      type: 'member.changed',
      memberId,
      fields: { role: ['adviser', 'clerk'] },
    })
    expect(predicted({ type: 'member.editProfile', theme: 'dark' })).toMatchObject({ memberId, fields: { theme: ['system', 'dark'] } })
  })

  it('S0.1 one tick leaves the others as they are', () => {
    const tick = (divisionId: string, linked: boolean) => predicted({ type: 'member.linkDivision', memberId, divisionId, linked })
    expect(tick(koln, true)).toMatchObject({ fields: { divisionIds: [[lyon], [lyon, koln]] } })
    expect(tick(lyon, true)).toMatchObject({ fields: { divisionIds: [[lyon], [lyon]] } })
    expect(tick(lyon, false)).toMatchObject({ fields: { divisionIds: [[lyon], []] } })
  })

  it('is not guessed where only the server knows: somebody let in again, or unknown here', () => {
    expect(predicted({ type: 'member.changeState', memberId, state: 'active' })).toBeNull()
    expect(predicted({ type: 'member.changeRole', memberId: 'memberGone0000001', role: 'clerk' })).toBeNull()
  })
})
