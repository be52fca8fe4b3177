import { describe, expect, it } from 'vitest'
import type { DossierRow } from '#shared/contracts/dossier.ts'
import { type Actor, actorOf } from '#shared/domain/access.ts'
import { frameOf, member } from '#shared/domain/small-office.fixture.ts'
import { countOf, waitingFor } from './waiting.ts'

const dayMs = 86_400_000
const now = 100 * dayMs
const frame = frameOf(member('ada', 'admin', []), member('max', 'manager', ['north']), member('bo', 'adviser', ['north']))

function actor(id: string): Actor {
  const found = actorOf(frame, id)
  if (!found) throw new Error(`${id} cannot act`)
  return found
}

function row(number: string, days: number, over: Partial<DossierRow> = {}): DossierRow {
  return {
    id: number,
    at: 1,
    number,
    clientId: 'c',
    clientName: 'Anna Berg',
    partnerName: '',
    title: '',
    kind: null,
    status: 'client',
    stageId: 'stage-second',
    stageSince: now - days * dayMs,
    amount: null,
    createdOn: '2026-01-01',
    changedAt: now,
    ownerId: 'owner-bo',
    divisionId: 'north',
    readerIds: [],
    ...over,
  }
}
const numbers = (list: { row: DossierRow; pace: string }[]) => list.map((one) => [one.row.number, one.pace])

describe('my day', () => {
  it('is what is open and mine, the longest waiting first, with what is late marked', () => {
    const rows = [
      row('1', 3),
      row('2', 25),
      row('3', 11),
      row('4', 90, { status: 'closed' }),
      row('5', 90, { status: 'abandoned' }),
      row('6', 90, { ownerId: 'owner-max' }),
    ]
    const day = waitingFor(frame, actor('bo'), rows, now)
    // the stage's usual time is ten days
    expect(numbers(day.mine)).toEqual([
      ['2', 'stuck'],
      ['3', 'late'],
      ['1', 'usual'],
    ])
    expect(countOf(day)).toBe(2)
  })

  it('S1.7 what nobody owns is for the managers of its division, else for the admins', () => {
    const rows = [
      row('north', 1, { ownerId: null }),
      row('south', 1, { ownerId: null, divisionId: 'south' }),
      row('bare', 2, { ownerId: null, divisionId: null }),
    ]
    const unowned = (id: string) => numbers(waitingFor(frame, actor(id), rows, now).unowned).map(([number]) => number)
    expect(unowned('max')).toEqual(['north'])
    expect(unowned('ada')).toEqual(['bare', 'south'])
    expect(unowned('bo')).toEqual([])
    expect(countOf(waitingFor(frame, actor('ada'), rows, now))).toBe(2)
  })
})
