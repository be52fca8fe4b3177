import { describe, expect, it } from 'vitest'
import { amountDraft, parseAmount } from './amount-text.ts'

describe('an amount that is typed', () => {
  it.each([
    ['847000', 84_700_000],
    ['847 000', 84_700_000],
    ['847\u202f000,50 €', 84_700_050],
    ['1.250.000', 125_000_000],
    ['1,250,000.5', 125_000_050],
    ["1'250'000", 125_000_000],
    ['€ 900', 90_000],
    ['0', 0],
    ['12,3', 1_230],
    ['1.250', 125_000],
    ['kr. 5.000,25', 500_025],
  ])('reads %s', (text, cents) => expect(parseAmount(text)).toBe(cents))

  it('takes an empty field for no amount', () => expect(parseAmount('  ')).toBeNull())

  it.each(['abc', '12,34,5', '1.2.3', '-5', '1e9', '99999999999', '€'])('does not guess at %s', (text) => {
    expect(parseAmount(text)).toBeUndefined()
  })

  it('comes back as it was from the field, in every language', () => {
    for (const locale of ['en', 'nl', 'da', 'de', 'fr']) {
      for (const cents of [0, 50, 84_700_000, 125_000_050]) expect(parseAmount(amountDraft(cents, locale))).toBe(cents)
    }
    expect(amountDraft(null, 'en')).toBe('')
  })
})
