import { describe, expect, it } from 'vitest'
import { amount, date, keyOf, line, namesIn, required } from './cells.ts'

describe('amounts', () => {
  it.each([
    ['0', 0],
    ['302000', 30_200_000],
    [' 12.50 ', 1250],
    ['0.29', 29],
    ['10000000000', 1_000_000_000_000],
    ['', null],
  ])('%j is %j cents', (cell, cents) => {
    expect(amount.parse(cell)).toBe(cents)
  })

  it.each(['12.000,50 EUR', '12.000', '1,5', '-5', '1e3', '0x10', '٣', '10000000001', 'NaN', '1.5'])('%j is no amount', (cell) => {
    expect(amount.safeParse(cell).error?.issues[0]?.message).toBe('notAnAmount')
  })
})

describe('dates', () => {
  it.each(['2024-02-29', '1949-09-25', '2026-12-31'])('%s exists', (cell) => {
    expect(date.parse(` ${cell} `)).toBe(cell)
  })

  it.each(['2025-02-30', '2025-02-29', '2025-13-01', '08-11-1977', '2025-1-1', '2025-01-01T00:00:00Z', 'soon'])('%s does not', (cell) => {
    expect(date.safeParse(cell).error?.issues[0]?.message).toBe('notADate')
  })

  it('may be left out', () => {
    expect(date.parse(' ')).toBeNull()
  })
})

it('text is trimmed, of one line, and not too long', () => {
  expect(line(5).parse('  abc ')).toBe('abc')
  expect(line(5).safeParse('abcdef').error?.issues[0]?.message).toBe('tooLong')
  expect(line(5).safeParse('a\u0000b').error?.issues[0]?.message).toBe('controlCharacter')
  expect(required(5).safeParse('  ').error?.issues[0]?.message).toBe('missing')
})

it('names are split by |, without the empty ones', () => {
  expect(namesIn(' Lyon | |Wealth')).toEqual(['Lyon', 'Wealth'])
  expect(namesIn('')).toEqual([])
})

it('names are the same whatever their capitals, encoding of accents and apostrophes', () => {
  expect(keyOf(' KÖLN ')).toBe(keyOf('Ko\u0308ln'))
  expect(keyOf('Signature de l’offre')).toBe(keyOf("signature de l'offre"))
  expect(keyOf('Köln')).not.toBe(keyOf('Koln'))
})
