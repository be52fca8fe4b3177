import { describe, expect, it } from 'vitest'
import { joined, type Part, partsOf } from './parts.ts'

const stored = (parts: readonly Part[], count = parts.length) => parts.map((doc, part) => ({ part, parts: count, doc }))

describe('values in parts', () => {
  it.each([null, '', 'ab👩🏽‍👧cd \ud800', ['🏡'.repeat(500)], { a: Array.from({ length: 500 }, (_, i) => i) }])('%# comes back', (value) => {
    expect(joined(stored(partsOf(value)))).toEqual([value])
    const parts = partsOf(value, { from: 0, longest: 7 })
    expect(parts.every((part) => part.length <= 7)).toBe(true)
    expect(joined(stored(parts))).toEqual([value])
  })

  it('what thousands of records have in common takes little room', () => {
    const same = Array.from({ length: 20_000 }, (_, i) => ({
      id: `dossier ${i}`,
      access: { divisionId: 'division', readerIds: ['reader'] },
    }))
    const bytes = partsOf(same).reduce((sum, part) => sum + part.length, 0)
    expect(bytes).toBeLessThan(JSON.stringify(same).length / 4)
  })

  it('values after each other are told apart; empty parts, and what is left of a longer one before, are none of them', () => {
    const long = partsOf(['long'], { from: 0, longest: 5 })
    const short = [...stored(['7'], 1), { part: 1, parts: 3, doc: '[8' }]
    const padded = stored([...partsOf([9], { from: 0 }), '', ''])
    expect(joined([...stored(long), ...short, ...stored(['10', '']), ...padded])).toEqual([['long'], 7, 10, [9]])
  })
})
