import { describe, expect, it } from 'vitest'
import type { Access, FieldChanges } from '../contracts/dossier.ts'
import type { OfficeEvent } from '../contracts/events.ts'
import { changesByOthers } from './my-day.ts'

const me = { memberId: 'me', ownerIds: ['owner-me'] }
const mine: Access = { ownerId: 'owner-me', divisionId: null, readerIds: [] }
const others: Access = { ownerId: 'owner-bo', divisionId: null, readerIds: [] }

function changed(
  n: number,
  by: string,
  dossierId: string,
  before: Access,
  after = before,
  fields: FieldChanges = { title: ['a', 'b'] },
): OfficeEvent {
  return { type: 'dossier.edited', n, at: n, by, commandId: `c${n}`, subjects: [{ dossierId, fields, access: { before, after } }] }
}
const numbers = (events: OfficeEvent[], most = 200) => {
  const { changes, more } = changesByOthers(me, events, most)
  return [changes.map(({ dossierId, entries }) => [dossierId, ...entries.map(({ n }) => n)]), more]
}

describe('what changed since one was last here', () => {
  it('is what others did to one’s own, by dossier, the newest first', () => {
    const events = [changed(1, 'bo', 'd1', mine), changed(2, 'bo', 'd2', mine), changed(3, 'me', 'd1', mine), changed(4, 'cy', 'd1', mine)]
    expect(numbers(events)).toEqual([
      [
        ['d1', 4, 1],
        ['d2', 2],
      ],
      false,
    ])
  })

  it('is also what was given to one, or away, and what one reads; not what is others’ before and after', () => {
    const read = { ...others, readerIds: ['me'] }
    const events = [
      changed(1, 'bo', 'given', others, mine),
      changed(2, 'bo', 'away', mine, others),
      changed(3, 'bo', 'read', read),
      changed(4, 'bo', 'theirs', others),
      changed(5, 'bo', 'nothing', mine, mine, {}),
    ]
    expect(numbers(events)).toEqual([
      [
        ['read', 3],
        ['away', 2],
        ['given', 1],
      ],
      false,
    ])
  })

  it('stops after so many, and says that there were more', () => {
    const events = [1, 2, 3].map((n) => changed(n, 'bo', `d${n}`, mine))
    expect(numbers(events, 2)).toEqual([
      [
        ['d3', 3],
        ['d2', 2],
      ],
      true,
    ])
  })
})
