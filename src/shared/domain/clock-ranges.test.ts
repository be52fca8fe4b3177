import fc from 'fast-check'
import { expect, it } from 'vitest'
import { ClockRanges } from './clock-ranges.ts'

const range = fc.tuple(fc.integer({ min: 2, max: 3 }), fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 9 }))

it('holds exactly the clocks that were added, as ranges that do not touch', () => {
  fc.assert(
    fc.property(fc.array(range, { maxLength: 30 }), range, (added, [client, from, length]) => {
      const ranges = new ClockRanges()
      const plain = new Set<string>()
      for (const [of, start, count] of added) {
        ranges.add(of, start, start + count)
        for (let clock = start; clock < start + count; clock++) plain.add(`${of}/${clock}`)
      }
      for (const of of [2, 3]) for (let clock = 0; clock < 52; clock++) expect(ranges.has(of, clock)).toBe(plain.has(`${of}/${clock}`))
      const listed = ranges.all().flatMap(([of, clock, count]) => Array.from({ length: count }, (_, i) => `${of}/${clock + i}`))
      expect(listed.toSorted()).toEqual([...plain].toSorted())
      const ends = new Set(ranges.all().map(([of, clock, count]) => `${of}/${clock + count}`))
      expect(ranges.all().filter(([of, clock]) => ends.has(`${of}/${clock}`))).toEqual([])
      const missing = ranges
        .missing(client, from, from + length)
        .flatMap(([start, end]) => Array.from({ length: end - start }, (_, i) => start + i))
      const asked = Array.from({ length }, (_, i) => from + i)
      expect(missing).toEqual(asked.filter((clock) => !plain.has(`${client}/${clock}`)))
    }),
  )
})
