import { describe, expect, it } from 'vitest'
import { everything, nothingSelected, ranged, stillShown, toggled, without } from './selection.ts'

const rows = ['a', 'b', 'c', 'd', 'e'].map((id) => ({ id }))
const ids = (selected: { ids: ReadonlySet<string> }) => [...selected.ids].sort().join('')

describe('the selection', () => {
  it('takes one in and out again', () => {
    const one = toggled(nothingSelected, 'b')
    expect(ids(one)).toBe('b')
    expect(ids(toggled(one, 'b'))).toBe('')
    expect(ids(nothingSelected)).toBe('')
  })

  it('a range goes from the last one touched, either way, and adds to what is selected', () => {
    const from = toggled(toggled(nothingSelected, 'a'), 'd')
    expect(ids(ranged(from, rows, 'b'))).toBe('abcd')
    expect(ids(ranged(from, rows, 'e'))).toBe('ade')
    // the anchor stays: a second range begins where the first did
    expect(ids(ranged(ranged(from, rows, 'e'), rows, 'c'))).toBe('acde')
  })

  it('a range without a beginning, or to what is not there, does the least', () => {
    expect(ids(ranged(nothingSelected, rows, 'c'))).toBe('c')
    expect(ids(ranged(toggled(nothingSelected, 'gone'), rows, 'c'))).toBe('cgone')
    expect(ids(ranged(toggled(nothingSelected, 'b'), rows, 'gone'))).toBe('b')
  })

  it('L2 drops what went out of sight, and is the same while nothing did', () => {
    const all = everything(rows)
    expect(stillShown(all, [...rows].reverse())).toBe(all)
    expect(ids(stillShown(all, rows.slice(2)))).toBe('cde')
    expect(ids(without(all, ['a', 'e', 'gone']))).toBe('bcd')
  })
})
