import { expect, it } from 'vitest'
import { ageOn } from './age.ts'

it('S3.1 an age is whole years: a year more on the birthday itself, not the day before', () => {
  expect(ageOn('1977-11-08', '2026-11-07')).toBe(48)
  expect(ageOn('1977-11-08', '2026-11-08')).toBe(49)
  expect(ageOn('2000-02-29', '2026-02-28')).toBe(25)
  expect(ageOn('2026-12-01', '2026-11-26')).toBe(0)
  expect(ageOn(null, '2026-11-26')).toBeNull()
})
