import { expect, it } from 'vitest'
import { stageHoldings } from './holdings.ts'

it('counts what stands in each stage, by whether it is open, closed or abandoned', () => {
  const rows = [
    { stageId: 'a', status: 'prospect' },
    { stageId: 'a', status: 'client' },
    { stageId: 'a', status: 'abandoned' },
    { stageId: 'b', status: 'closed' },
  ] as const
  expect([...stageHoldings(rows)]).toEqual([
    ['a', { all: 3, open: 2, closed: 0, abandoned: 1 }],
    ['b', { all: 1, open: 0, closed: 1, abandoned: 0 }],
  ])
})
