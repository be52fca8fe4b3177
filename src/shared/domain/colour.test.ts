import { expect, it } from 'vitest'
import { nextColour } from './colour.ts'

it('two of one division differ until all six colours are given, then they are given again as evenly as can be', () => {
  const people: { divisionIds: string[]; colour: number }[] = []
  for (let i = 0; i < 12; i++) people.push({ divisionIds: ['north'], colour: nextColour(['north'], people) })
  expect(people.map((person) => person.colour)).toEqual([0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5])
})

it('whoever is in two divisions differs from the people of both', () => {
  const people = [
    { divisionIds: ['north'], colour: 0 },
    { divisionIds: ['south'], colour: 1 },
    { divisionIds: ['west'], colour: 2 },
  ]
  expect(nextColour(['north', 'south'], people)).toBe(3)
})

it('without a division, the colour that fewest people of the office have is next', () => {
  expect(nextColour([], [])).toBe(0)
  expect(nextColour([], [{ divisionIds: [], colour: 0 }])).toBe(1)
})
