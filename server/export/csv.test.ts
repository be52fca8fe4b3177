import { expect, it } from 'vitest'
import { amount } from '../import/cells.ts'
import { amountText } from './csv.ts'

it('S4.16 amounts are plain digits with a point before cents, as the import reads them', () => {
  const cents = [0, 5, 10, 29, 100, 120_050, 57_100_000, 1_000_000_000_000]
  expect(cents.map(amountText)).toEqual(['0', '0.05', '0.10', '0.29', '1', '1200.50', '571000', '10000000000'])
  expect(cents.map((value) => amount.parse(amountText(value)))).toEqual(cents)
})
