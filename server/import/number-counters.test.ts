import { expect, it } from 'vitest'
import { numberCounters } from './number-counters.ts'

it('the next number of a year follows the highest imported one', () => {
  expect(numberCounters(['2026-00002', '2024-00003', '2026-00778', '2026-00777'], [])).toEqual([
    { id: 'dossierNumber-2026', next: 779 },
    { id: 'dossierNumber-2024', next: 4 },
  ])
})

it('a counter never goes back', () => {
  expect(numberCounters(['2026-00002'], [{ id: 'dossierNumber-2026', next: 50 }])).toEqual([{ id: 'dossierNumber-2026', next: 50 }])
})

it('numbers of another form move no counter', () => {
  expect(numberCounters(['B-001', '2026', '2026-', 'x2026-00001', '2026-00001a'], [])).toEqual([])
})
