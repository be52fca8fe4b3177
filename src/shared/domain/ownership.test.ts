import { describe, expect, it } from 'vitest'
import type { Id } from '../contracts/ids.ts'
import { defaultDivision, divisionsOfOwner, mayOwnIn, ownEntry, refuseTransfer } from './ownership.ts'
import { frameOf, member, withSettings } from './small-office.fixture.ts'

const frame = frameOf(
  member('ana', 'adviser', ['north', 'south']),
  member('bo', 'adviser', ['south']),
  member('cy', 'adviser', ['north']),
  member('di', 'adviser', []),
)
const without = withSettings(frame, { divisionsOn: false })

type Lies = [divisionId: Id | null, ownerId: Id | null]
const transfer = (from: Lies, to: Lies, of = frame) =>
  refuseTransfer(of, { from: { divisionId: from[0], ownerId: from[1] }, to: { divisionId: to[0], ownerId: to[1] } })

const owner = (id: Id) => {
  const found = frame.owners.find((o) => o.id === id)
  if (!found) throw new Error(`no owner ${id}`)
  return found
}

describe('a change of owner or division', () => {
  it.each<[Lies, Lies]>([
    [
      ['north', 'owner-ana'],
      ['north', 'owner-cy'],
    ],
    [
      ['south', 'owner-ana'],
      ['south', 'owner-manual'],
    ],
    [
      ['south', 'owner-manual'],
      ['south', 'owner-bo'],
    ],
    [
      ['north', 'owner-ana'],
      ['south', 'owner-bo'],
    ],
    [
      ['north', 'owner-ana'],
      ['south', 'owner-ana'],
    ],
    [
      ['north', 'owner-ana'],
      ['north', null],
    ],
    [
      ['north', null],
      ['north', 'owner-cy'],
    ],
    [
      ['north', null],
      ['south', null],
    ],
    [
      ['north', 'owner-cy'],
      [null, 'owner-bo'],
    ],
    [
      [null, 'owner-di'],
      [null, 'owner-bo'],
    ],
    // an entry that was removed from the directory links to nothing any more
    [
      ['north', 'owner-removed'],
      ['south', 'owner-bo'],
    ],
  ])('S0.3 from %j to %j is allowed', (from, to) => {
    expect(transfer(from, to)).toBeNull()
  })

  it.each<[Lies, Lies, 'present' | 'next', Id]>([
    [['north', 'owner-ana'], ['north', 'owner-bo'], 'next', 'owner-bo'],
    [['north', 'owner-ana'], ['north', 'owner-manual'], 'next', 'owner-manual'],
    [['north', null], ['south', 'owner-cy'], 'next', 'owner-cy'],
    [[null, 'owner-di'], ['north', 'owner-di'], 'next', 'owner-di'],
    [['north', 'owner-cy'], ['south', 'owner-bo'], 'present', 'owner-cy'],
    [['north', 'owner-cy'], ['south', null], 'present', 'owner-cy'],
    [['north', 'owner-bo'], ['north', 'owner-cy'], 'present', 'owner-bo'],
    [['north', 'owner-di'], ['south', 'owner-cy'], 'next', 'owner-cy'],
  ])('S0.3 from %j to %j is refused, naming the missing link: the %s owner %s', (from, to, which, ownerId) => {
    const divisionId = to[0]
    const divisionName = divisionId === 'north' ? 'North' : 'South'
    expect(transfer(from, to)).toEqual({
      code: 'ownerNotInDivision',
      which,
      ownerId,
      ownerName: owner(ownerId).name,
      divisionId,
      divisionName,
    })
  })

  it('S0.8 without divisions any owner of the directory may receive', () => {
    for (const { id } of frame.owners) expect(transfer(['north', 'owner-cy'], ['north', id], without)).toBeNull()
  })

  it('what does not exist is named, with and without divisions', () => {
    for (const of of [frame, without]) {
      expect(transfer([null, null], [null, 'owner-nobody'], of)).toEqual({ code: 'notFound', what: 'owner' })
      expect(transfer([null, null], ['west', null], of)).toEqual({ code: 'notFound', what: 'division' })
    }
  })
})

describe('the divisions of an entry', () => {
  it('are those of its member, or its own when it is manual', () => {
    expect(divisionsOfOwner(frame, owner('owner-ana'))).toEqual(['north', 'south'])
    expect(divisionsOfOwner(frame, owner('owner-manual'))).toEqual(['south'])
    expect(divisionsOfOwner(frame, { ...owner('owner-ana'), divisionIds: ['west'] })).toEqual(['north', 'south'])
    expect(divisionsOfOwner({ ...frame, members: [] }, owner('owner-ana'))).toEqual([])
  })

  it('S0.3 decide where it may own', () => {
    expect(['north', 'south', null].map((id) => mayOwnIn(frame, owner('owner-bo'), id))).toEqual([false, true, true])
  })
})

describe('a new dossier', () => {
  it('S0.2 belongs to the member who creates it, who need not own anything else', () => {
    expect(ownEntry(frame, 'bo')).toBe(owner('owner-bo'))
  })

  it('S0.2 whoever has no entry must choose', () => {
    expect(ownEntry({ ...frame, owners: [owner('owner-manual')] }, 'bo')).toBeNull()
  })

  it('lies in the first division of its owner, where divisions are on', () => {
    expect(defaultDivision(frame, owner('owner-ana'))).toBe('north')
    expect(defaultDivision(frame, owner('owner-manual'))).toBe('south')
    expect(defaultDivision(frame, owner('owner-di'))).toBeNull()
    expect(defaultDivision(frame, null)).toBeNull()
    expect(defaultDivision(without, owner('owner-ana'))).toBeNull()
  })

  it('S0.3 its owner may own in the division it lies in', () => {
    for (const entry of frame.owners) expect(mayOwnIn(frame, entry, defaultDivision(frame, entry))).toBe(true)
  })
})
