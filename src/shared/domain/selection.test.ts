import { describe, expect, it } from 'vitest'
import { type Actor, actorOf } from './access.ts'
import { ownerJudge, stageJudge } from './selection.ts'
import { frameOf, member } from './small-office.fixture.ts'

const frame = frameOf(member('bo', 'adviser', ['north']), member('cy', 'adviser', ['north']), member('vi', 'viewer', ['north']))
const dossier = {
  ownerId: 'owner-bo',
  divisionId: 'north',
  readerIds: [],
  stageId: 'stage-first',
  stageSince: 5,
  status: 'client',
} as const

function actor(memberId: string): Actor {
  const found = actorOf(frame, memberId)
  if (!found) throw new Error(`${memberId} cannot act`)
  return found
}

describe('one of many', () => {
  it('S4.9 is moved to the stage, an abandoned one is refused, one that stands there stays as it is', () => {
    const judge = stageJudge(actor('bo'), frame, 'stage-second', 9)
    expect(judge({ ...dossier, readerIds: [] })).toEqual({ fields: { stageId: 'stage-second', stageSince: 9, status: 'client' } })
    expect(judge({ ...dossier, readerIds: [], status: 'abandoned' })).toEqual({ refusal: { code: 'abandoned' } })
    const stays = { stageId: 'stage-second', stageSince: 5, status: 'client' } as const
    expect(judge({ ...dossier, ...stays, readerIds: [] })).toEqual({ fields: stays })
  })

  it('S0.5 S0.3 gets an owner of its own division, and keeps what is left out', () => {
    expect(ownerJudge(actor('bo'), frame, { ownerId: 'owner-cy' })({ ...dossier, readerIds: [] })).toEqual({
      fields: { ownerId: 'owner-cy', divisionId: 'north' },
    })
    expect(ownerJudge(actor('bo'), frame, { ownerId: 'owner-manual' })({ ...dossier, readerIds: [] })).toMatchObject({
      refusal: { code: 'ownerNotInDivision', which: 'next' },
    })
    expect(ownerJudge(actor('bo'), frame, { divisionId: 'south' })({ ...dossier, readerIds: [] })).toMatchObject({
      refusal: { code: 'ownerNotInDivision', which: 'next', ownerId: 'owner-bo' },
    })
  })

  it('is refused where the role does not reach: each by itself', () => {
    const free = { ...dossier, readerIds: [], ownerId: null }
    const others = { ...dossier, readerIds: [], ownerId: 'owner-cy' }
    const judge = ownerJudge(actor('bo'), frame, { ownerId: 'owner-bo' })
    expect(judge(free)).toHaveProperty('fields')
    expect(judge(others)).toEqual({ refusal: { code: 'forbidden', action: 'dossier.changeOwner' } })
    expect(stageJudge(actor('vi'), frame, 'stage-second', 9)(free)).toMatchObject({ refusal: { code: 'forbidden' } })
  })
})
