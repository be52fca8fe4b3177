import { expect, it } from 'vitest'
import { divisionsOfOwner } from '#shared/domain/ownership.ts'
import { emptyFrame, faultsOf, members, planned } from './small-office.fixture.ts'

it('members wait for their invitation, and the divisions they name are made once', () => {
  const plan = planned({
    members: members(
      { email: 'Bo@Office.example', name: ' Bo ', divisions: 'North|South' },
      { email: 'cy@office.example', name: 'Cy', role: 'clerk', divisions: 'south', language: 'da' },
      { email: 'di@office.example', name: 'Di', role: 'viewer', divisions: '' },
    ),
  })
  const [north, south] = plan.divisions
  expect(plan.divisions.map((d) => d.name)).toEqual(['North', 'South'])
  expect(plan.members).toEqual([
    expect.objectContaining({
      email: 'bo@office.example',
      name: 'Bo',
      role: 'adviser',
      divisionIds: [north?.id, south?.id],
      state: 'invited',
    }),
    expect.objectContaining({ email: 'cy@office.example', role: 'clerk', divisionIds: [south?.id], language: 'da', state: 'invited' }),
    expect.objectContaining({ email: 'di@office.example', role: 'viewer', divisionIds: [], state: 'invited' }),
  ])
  expect(plan.counts).toEqual({ members: 3, owners: 1, divisions: 2, clients: 0, dossiers: 0, notes: 0 })
})

it('every admin, manager and adviser gets an entry of the owner directory, in the divisions of its member', () => {
  const roles = ['admin', 'manager', 'adviser', 'clerk', 'viewer']
  const plan = planned({ members: members(...roles.map((role) => ({ email: `${role}@office.example`, name: role, role }))) })
  expect(plan.owners.map((owner) => owner.name)).toEqual(['admin', 'manager', 'adviser'])
  for (const owner of plan.owners) {
    expect(plan.members.find((m) => m.id === owner.memberId)?.name).toBe(owner.name)
    expect(divisionsOfOwner(plan.frame, owner)).toEqual([plan.divisions[0]?.id])
  }
})

it('the frame afterwards holds those who were there and those who came, and the frame before is left as it was', () => {
  const first = planned({ members: members({}) })
  const before = structuredClone(first.frame)
  const second = planned({ frame: first.frame, members: members({ email: 'cy@office.example', divisions: 'NORTH|East' }) })
  expect(first.frame).toEqual(before)
  expect(second.frame.members.map((m) => m.email)).toEqual(['bo@office.example', 'cy@office.example'])
  expect(second.divisions.map((d) => d.name)).toEqual(['East'])
  expect(second.members[0]?.divisionIds).toEqual([first.divisions[0]?.id, second.divisions[0]?.id])
  expect(second.members[0]?.colour).not.toBe(first.members[0]?.colour)
  expect(second.puts.filter((put) => put.kind === 'member')).toHaveLength(1)
})

it('puts no account into a member, neither one that is shown to everybody', () => {
  const plan = planned({ members: members({}) })
  expect(plan.frame.members[0]).not.toHaveProperty('accountId')
  expect(plan.puts.find((put) => put.kind === 'member')?.record).toEqual({ ...plan.members[0], accountId: null })
})

it('names each fault of a member, and an address used twice in the file or in the office', () => {
  const frame = planned({ members: members({ email: 'ana@office.example' }) }).frame
  expect(
    faultsOf({
      frame,
      members: members(
        { email: 'nobody', name: '', role: 'boss', language: 'xx' },
        { email: 'ANA@office.example' },
        { email: 'cy@office.example' },
        { email: 'Cy@office.example' },
        { email: '' },
        { email: 'di@office.example', divisions: 'x'.repeat(121) },
      ),
    }),
  ).toEqual([
    'members 2 email notAnEmail',
    'members 2 name missing',
    'members 2 role notAllowed',
    'members 2 language notAllowed',
    'members 3 email double',
    'members 5 email double',
    'members 6 email missing',
    'members 7 divisions tooLong',
  ])
  expect(emptyFrame().members).toEqual([])
})
