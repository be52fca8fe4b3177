import { describe, expect, it } from 'vitest'
import { Budget } from './budget.ts'

describe('the budget of a socket', () => {
  it('lasts for 1500 at once and 500 a second after that, however long nothing was spent', () => {
    let now = 1_000_000
    const budget = new Budget(() => now, { atOnce: 1_500, perSecond: 500 })
    const spendAll = () => {
      let spent = 0
      while (budget.spend()) spent++
      return spent
    }
    expect(spendAll()).toBe(1_500)
    now += 1_000
    expect(spendAll()).toBe(500)
    now -= 5_000
    expect(spendAll()).toBe(0)
    now += 3_600_000
    expect(spendAll()).toBe(1_500)
  })
})
