import { describe, expect, it } from 'vitest'
import { words } from '#shared/domain/fold.ts'
import { best, score } from './ranking.ts'

const rank = (texts: string[], query: string) => best(texts, query, 3, (text) => text).map(({ one }) => one)

describe('what the palette finds', () => {
  it('needs every word, in any order', () => {
    expect(score('2026-00042 first home anna berg', words('berg home'))).toBeGreaterThan(0)
    expect(score('2026-00042 first home anna berg', words('berg works'))).toBe(0)
  })

  it('a whole word is better than the beginning of one, and that than somewhere in the middle', () => {
    expect(rank(['x lindbergen', 'x bergman', 'x berg'], 'berg')).toEqual(['x berg', 'x bergman', 'x lindbergen'])
  })

  it('finds a number by its end', () => {
    expect(rank(['2026-10421 a', '2026-00042 b', '2025-00421 c'], '00042')[0]).toBe('2026-00042 b')
  })

  it('keeps the best few of many, equals by what is newer', () => {
    const many = Array.from({ length: 500 }, (_, i) => ({ text: i % 100 === 7 ? 'berg' : 'bergen', at: i }))
    const found = best(
      many,
      'berg',
      4,
      ({ text }) => text,
      ({ at }) => at,
    ).map(({ one }) => one)
    expect(found.map(({ at }) => at)).toEqual([407, 307, 207, 107])
  })

  it('finds nothing by nothing', () => {
    expect(rank(['a', 'b'], '  ')).toEqual([])
  })
})
